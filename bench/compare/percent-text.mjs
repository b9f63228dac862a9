/** A share in percent, with more digits where it is small; nothing at all is `0`. */
export function percentText(share) {
  const percent = share * 100;
  if (percent === 0) return '0';
  return `${percent < 0.1 ? percent.toFixed(3) : percent.toFixed(1)}%`;
}
