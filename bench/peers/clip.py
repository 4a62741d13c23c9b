"""A CLIP with random weights of ViT-B/16's size, as the ONNX files that transformers.js runs.

    python clip.py FOLDER
"""

import json
import sys
from pathlib import Path

import torch
from transformers import CLIPTextConfig, CLIPVisionConfig, CLIPVisionModelWithProjection

VISION = CLIPVisionConfig(patch_size=16, image_size=224, hidden_size=768, num_attention_heads=12, num_hidden_layers=12,
                          intermediate_size=3072, projection_dim=512)
PREPROCESS = {
    "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": 224}, "resample": 3,
    "do_center_crop": True, "crop_size": {"height": 224, "width": 224}, "do_rescale": True, "rescale_factor": 1 / 255,
    "do_normalize": True, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
}


class Features(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.clip = CLIPVisionModelWithProjection(VISION).eval()

    def forward(self, pixel_values):
        return self.clip(pixel_values=pixel_values).image_embeds


def main(folder: Path) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    config = {"model_type": "clip", "architectures": ["CLIPModel"], "projection_dim": 512,
              "text_config": CLIPTextConfig().to_dict(), "vision_config": VISION.to_dict()}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESS))
    with torch.no_grad():
        torch.onnx.export(
            Features(), (torch.zeros(1, 3, 224, 224),), folder / "onnx" / "vision_model.onnx", dynamo=False,
            input_names=["pixel_values"], output_names=["image_embeds"], opset_version=17,
            dynamic_axes={"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}})


main(Path(sys.argv[1]))
