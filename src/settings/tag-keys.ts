/**
 * What AWS accepts in the key and the value of a tag
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html).
 */
export const TAG_CHARACTERS = /^[\p{L}\p{N}\p{Zs}.:+=@_/-]*$/u;

/** In Unicode code points. */
export const MAX_TAG_KEY_LENGTH = 128;

/** Whether AWS accepts the text as the key of a tag. */
export const isTagKey = (text: string): boolean =>
  text !== '' && [...text].length <= MAX_TAG_KEY_LENGTH && TAG_CHARACTERS.test(text);
