// Pixels to metres and back with the ground that the server fitted.

const apply = (matrix, [x, y]) => matrix.map((row) => row[0] * x + row[1] * y + row[2]);

export function toMetres(fit, px) {
  if (!fit) return null;
  const [x, y, depth] = apply(fit.metres_of_px, px);
  return depth * fit.side > 1e-12 ? [x / depth, y / depth] : null;
}

export function toPixels(fit, metres) {
  const [x, y, depth] = apply(fit.px_of_metres, metres);
  return depth * fit.side > 1e-12 ? [x / depth, y / depth] : null;
}
