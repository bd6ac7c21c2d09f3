/** Begins what the two below say, in the details that gRPC makes of a connection that fails. */
const MARK = 'TLS: ';
const MARKED = /TLS: (.+?)(?: \(\d{4}-[^)]*\))?\. Resolution note:/s;
const ALERT = /alert (certificate|bad certificate|unknown ca|handshake|access denied)/i;
/** While the connection was made, or as its first words were waited for. */
const CUT_OFF = /Last error: (?:Failed to connect|(?:Error: )?read ECONNRESET) \(/;

const UNTRUSTED =
  "the coordinator's certificate is of no authority that is trusted here; DISTRIBUTED_TLS_CA names a file with others";

const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the coordinator's certificate has expired, or this machine's clock is wrong",
  CERT_NOT_YET_VALID: "the coordinator's certificate is not valid yet, or this machine's clock is wrong",
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: "the coordinator's certificate is for other names than the one it was called by",
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other side does not speak TLS; http:// reaches a coordinator that serves without',
};

const REFUSED = 'the coordinator refuses the certificate of this side, or asks for one: DISTRIBUTED_TLS_CERT';
const ENDED =
  'the other side ended the connection at once: it may serve TLS alone (https://), or refuse the certificate of this side (DISTRIBUTED_TLS_CERT)';

/** A failed handshake in words that come through gRPC. */
export function tlsError(error: Error & { readonly code?: string }): Error {
  const { code = '', message } = error;
  // No way was found from its certificate to an authority, of whatever kind the gap is.
  const reason = code.startsWith('UNABLE_TO_') ? UNTRUSTED : REASONS[code];
  return new Error(MARK + (reason ?? message), { cause: error });
}

/** Whether a connection failed since one side does not trust the other; trying again changes nothing. */
export function isDistrust(details: string): boolean {
  return MARKED.test(details) || ALERT.test(details);
}

/** What gRPC says of a failed call, without what helps nobody. */
export function plainDetails(details: string): string {
  if (ALERT.test(details)) return REFUSED;
  if (CUT_OFF.test(details)) return ENDED;
  return (
    MARKED.exec(details)?.[1] ??
    details
      .replace(/^No connection established\. Last error: (Error: )?/, '')
      .replace(/ Resolution note: .*$/s, '')
      .replace(/\.$/, '')
  );
}
