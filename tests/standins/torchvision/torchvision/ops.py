"""Non-maximum suppression, as torchvision.ops.nms documents it; by OpenCV, which is here anyway."""

import cv2
import torch


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Return the numbers of the boxes (N, 4; x1, y1, x2, y2) that stay, best score first."""
    xywh = torch.cat([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], dim=1)
    kept = cv2.dnn.NMSBoxes(xywh.tolist(), scores.tolist(), 0.0, float(iou_threshold))
    return torch.as_tensor(list(kept), dtype=torch.int64, device=boxes.device).reshape(-1)
