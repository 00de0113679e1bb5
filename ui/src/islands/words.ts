// The few words that islands say themselves; everything else comes from the server in the reader's language.

export interface Words {
  day(n: number): string;
  hour(n: number): string;
  minute(n: number): string;
  second(n: number): string;
  ahead(span: string): string;
  ago(span: string): string;
  now: string;
  show: string;
  hide: string;
  showPassword: string;
  hidePassword: string;
  characters(n: number): string;
  copied: string;
  hashing: string;
  noHash: string;
  draftRestored(at: string): string;
  discard: string;
  passkeyCancelled: string;
  passkeyKnown: string;
  passkeyUnfit: string;
  passkeyFailed: string;
}

const zh: Words = {
  day: (n) => `${n}天`,
  hour: (n) => `${n}小时`,
  minute: (n) => `${n}分钟`,
  second: (n) => `${n}秒`,
  ahead: (span) => `还有${span}`,
  ago: (span) => `${span}前`,
  now: "此刻",
  show: "显示",
  hide: "隐藏",
  showPassword: "显示密码",
  hidePassword: "隐藏密码",
  characters: (n) => `${n}个字符`,
  copied: "已复制",
  hashing: "正在计算SHA-256…",
  noHash: "文件较大，提交后由服务器给出SHA-256",
  draftRestored: (at) => `已填回${at}在本标签页留下的草稿`,
  discard: "不要草稿",
  passkeyCancelled: "没有完成：你取消了，或者等得太久。可以再试一次。",
  passkeyKnown: "这个设备已经登记过了。",
  passkeyUnfit: "这个浏览器或设备不能在这里使用通行密钥。请换一个设备，或者用其他方式。",
  passkeyFailed: "浏览器没有给出通行密钥。请再试一次，或者用其他方式。",
};

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

const en: Words = {
  day: (n) => plural(n, "day"),
  hour: (n) => plural(n, "hour"),
  minute: (n) => plural(n, "minute"),
  second: (n) => plural(n, "second"),
  ahead: (span) => `in ${span}`,
  ago: (span) => `${span} ago`,
  now: "now",
  show: "Show",
  hide: "Hide",
  showPassword: "Show password",
  hidePassword: "Hide password",
  characters: (n) => plural(n, "character"),
  copied: "Copied",
  hashing: "Computing SHA-256…",
  noHash: "Large file: the server gives its SHA-256 after you submit",
  draftRestored: (at) => `Your draft of ${at} from this tab is back`,
  discard: "Discard draft",
  passkeyCancelled: "Not done: you cancelled it, or it took too long. You can try again.",
  passkeyKnown: "This device is registered already.",
  passkeyUnfit: "This browser or device cannot use passkeys here. Take another device, or another way.",
  passkeyFailed: "The browser gave no passkey. Try again, or use another way.",
};

/** Words in the language of the page; Chinese where it says nothing. */
export function words(lang = document.documentElement.lang): Words {
  return lang.toLowerCase().startsWith("en") ? en : zh;
}
