// The JSON form of WebAuthn (Level 3, § 5.1): bytes as Base64url. Browsers of 2024 and later convert by themselves; ours are older.

interface Descriptor {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}

/** Options of `navigator.credentials.create`. */
export interface CreationJson {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
  [rest: string]: unknown;
}

/** Options of `navigator.credentials.get`. */
export interface RequestJson {
  challenge: string;
  allowCredentials?: Descriptor[];
  [rest: string]: unknown;
}

export function bytes(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0)).buffer;
}

export function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const listed = (all: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] =>
  (all ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

export function askedFor(options: CreationJson): PublicKeyCredentialCreationOptions;
export function askedFor(options: RequestJson): PublicKeyCredentialRequestOptions;
export function askedFor(
  options: CreationJson | RequestJson,
): PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions {
  const challenge = bytes(options.challenge);
  if (!("user" in options)) {
    return { ...options, challenge, allowCredentials: listed((options as RequestJson).allowCredentials) };
  }
  const { user, excludeCredentials, ...rest } = options as CreationJson;
  const whole = { ...rest, challenge, user: { ...user, id: bytes(user.id) }, excludeCredentials: listed(excludeCredentials) };
  return whole as unknown as PublicKeyCredentialCreationOptions;
}

/** What the browser gave, as it is sent. */
export function answered(made: PublicKeyCredential): unknown {
  const { response } = made;
  const common = { id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: made.getClientExtensionResults() };
  const clientDataJSON = text(response.clientDataJSON);
  if (response instanceof AuthenticatorAttestationResponse) {
    const { attestationObject } = response;
    const transports = response.getTransports?.() ?? [];
    return { ...common, response: { clientDataJSON, attestationObject: text(attestationObject), transports } };
  }
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  const handle = userHandle ? text(userHandle) : null;
  const parts = { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: handle };
  return { ...common, response: { clientDataJSON, ...parts } };
}
