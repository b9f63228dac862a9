/** Names and values of a form. */
export type FormFields = Readonly<Record<string, string>>;

/** A form as it is sent. */
export interface FormBody {
  readonly contentType: string;
  readonly body: string;
}

// Names and values are our own and hold no line breaks, so a fixed boundary can not occur in them.
const BOUNDARY = '----apihydra-form-boundary';

/** Encodes a form: urlencoded, or multipart (RFC 7578) where the website wants that. */
export function formBody(fields: FormFields, isMultipart: boolean): FormBody {
  if (!isMultipart) {
    const body = new URLSearchParams(fields).toString();
    return { contentType: 'application/x-www-form-urlencoded', body };
  }
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
    body: `${parts.join('')}--${BOUNDARY}--\r\n`,
  };
}
