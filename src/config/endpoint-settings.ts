import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { COORDINATOR, PROVER, Setting } from './setting.decorator.js';
import { text, wholeNumber, word } from './setting-values.js';

export const AUTH_MODES = ['key', 'none'] as const;

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
    allowed: 'http://host:port (https is refused: this version has no TLS)',
    default: 'http://127.0.0.1:8080',
    readers: PROVER,
    parse: text,
  })
  @Matches(/^http:\/\/[^/\s:]+:\d{1,5}\/?$|^http:\/\/\[[0-9a-fA-F:]+\]:\d{1,5}\/?$/)
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
  @Matches(/^[\x21-\x7e]{1,512}$/)
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
}
