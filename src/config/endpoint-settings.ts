import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { SECRET } from '../domain/access/api-key.js';
import { BOTH, COORDINATOR, PROVER, Setting } from './setting.decorator.js';
import { text, wholeNumber, word } from './setting-values.js';

export const AUTH_MODES = ['key', 'none'] as const;
export const CLIENT_CERTIFICATES = ['off', 'optional', 'required'] as const;

/** Where programs listen and connect, and how both sides know each other. */
export abstract class EndpointSettings {
  @Setting({
    describe: 'Address the coordinator serves gRPC on.',
    allowed: 'a host name or an IP address',
    default: '0.0.0.0',
    readers: COORDINATOR,
    parse: text,
  })
  @Matches(/^[A-Za-z0-9_.:-]+$/)
  SERVER_HOST!: string;

  @Setting({
    describe: 'Port the coordinator serves gRPC on; 0 takes any free port and prints it.',
    allowed: 'a whole number from 0 to 65535',
    default: '8080',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(0)
  @Max(65_535)
  SERVER_PORT!: number;

  @Setting({
    describe: 'Coordinator that provers and the command line connect to.',
    allowed: 'http://host:port, or https://host:port where the coordinator serves TLS',
    default: 'http://127.0.0.1:8080',
    readers: PROVER,
    parse: text,
  })
  @Matches(/^https?:\/\/[^/\s:]+:\d{1,5}\/?$|^https?:\/\/\[[0-9a-fA-F:]+\]:\d{1,5}\/?$/)
  SERVER_URL!: string;

  @Setting({
    describe: 'Address of the HTTP side: health, artifacts.',
    allowed: 'a host name or an IP address',
    default: '0.0.0.0',
    readers: COORDINATOR,
    parse: text,
  })
  @Matches(/^[A-Za-z0-9_.:-]+$/)
  HTTP_HOST!: string;

  @Setting({
    describe: 'Port of the HTTP side; 0 takes any free port and prints it.',
    allowed: 'a whole number from 0 to 65535',
    default: '8081',
    readers: COORDINATOR,
    parse: wholeNumber,
  })
  @IsInt()
  @Min(0)
  @Max(65_535)
  HTTP_PORT!: number;

  @Setting({
    describe:
      'Whether callers show a key (docs/security.md). While no key was ever made, callers on the same machine need none, and others are refused. "none": nobody needs one, whoever reaches the ports may do everything.',
    allowed: AUTH_MODES.join(', '),
    default: 'key',
    readers: COORDINATOR,
    parse: word,
  })
  @IsIn(AUTH_MODES)
  AUTH!: (typeof AUTH_MODES)[number];

  @Setting({
    describe: "Key of this prover, made with `proofloom keys create --role prove`; the command line's key.",
    allowed: 'a key as it was shown, without spaces',
    unset: 'no key is sent',
    readers: PROVER,
    isSecret: true,
    parse: text,
  })
  @IsOptional()
  @Matches(SECRET)
  KEY?: string;

  @Setting({
    describe: 'File that holds the key in place of DISTRIBUTED_KEY; refused where others than its owner may read it.',
    allowed: 'a path',
    unset: 'no key is sent',
    readers: PROVER,
    parse: text,
  })
  @IsOptional()
  @IsString()
  KEY_FILE?: string;

  @Setting({
    describe:
      'File with a one-time token (`proofloom keys enrol`): the prover gets its key for it and keeps that in its data directory. Refused where others than its owner may read it.',
    allowed: 'a path',
    unset: 'the prover does not enrol',
    readers: PROVER,
    parse: text,
  })
  @IsOptional()
  @IsString()
  ENROLMENT_TOKEN_FILE?: string;

  @Setting({
    describe:
      "File with this program's certificate in PEM, and those that lead to its authority. The coordinator serves TLS with it, on both ports; provers and the command line show theirs where the coordinator asks. Read again when it changes.",
    allowed: 'a path',
    unset: 'the coordinator serves without TLS; callers show no certificate',
    readers: BOTH,
    parse: text,
  })
  @IsOptional()
  @IsString()
  TLS_CERT?: string;

  @Setting({
    describe:
      'File with the private key of DISTRIBUTED_TLS_CERT in PEM; refused where others than its owner may read it.',
    allowed: 'a path',
    unset: 'only without DISTRIBUTED_TLS_CERT',
    readers: BOTH,
    parse: text,
  })
  @IsOptional()
  @IsString()
  TLS_KEY?: string;

  @Setting({
    describe:
      "File with the certificates of authorities in PEM: what callers check the coordinator's certificate against, and the coordinator those of its callers.",
    allowed: 'a path',
    unset: 'the authorities that Node knows',
    readers: BOTH,
    parse: text,
  })
  @IsOptional()
  @IsString()
  TLS_CA?: string;

  @Setting({
    describe:
      'Whether callers show a certificate of an authority in DISTRIBUTED_TLS_CA, besides their key. "optional": one is asked for, and one that is not valid counts as none.',
    allowed: CLIENT_CERTIFICATES.join(', '),
    default: 'off',
    readers: COORDINATOR,
    parse: word,
  })
  @IsIn(CLIENT_CERTIFICATES)
  TLS_CLIENT_AUTH!: (typeof CLIENT_CERTIFICATES)[number];
}
