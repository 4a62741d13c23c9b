"""The workloads by name: each is made once and then run again and again. Sizes are those of bench/workloads.ts."""

import torch

from objectives import Answering, Retrieval
from release import AnsweringModel, RetrievalModel, Sizes

T = 35
QUEUE = 57600


def texts(count, length=T, ends=lambda i: 9 + 7 * i % 9):
    """Ids and mask of padded texts; of 9 to 17 tokens, about as long as COCO's captions."""
    ids = 1000 + torch.arange(count * length).view(count, length) % 20_000
    mask = (torch.arange(length) < ends(torch.arange(count))[:, None]).long()
    return ids * mask, mask


def retrieval(layers, image_shape, autocast=False):
    batch = image_shape[0]
    step = Retrieval(randomised(RetrievalModel(Sizes(layers=layers))), QUEUE)
    if autocast:
        for model in (step.model, step.twin):
            freeze_in_bfloat16(model)
    ids, mask = texts(batch)
    given = dict(image=torch.randn(image_shape), ids=ids, mask=mask, index=torch.arange(batch))
    return lambda: step.run(given, autocast)


def answering(layers, batch=4, each=3, length=6):
    step = Answering(randomised(AnsweringModel(Sizes(layers=layers, image=480))))
    question, question_mask = texts(batch)
    answer, answer_mask = texts(batch * each, length, lambda i: 3 + i % 4)
    given = dict(
        image=torch.randn(batch, 3, 480, 480), question=question, question_mask=question_mask, answer=answer,
        answer_mask=answer_mask, answer_weight=torch.full((len(answer),), 1 / each), answers=torch.full((batch,), each),
    )
    return lambda: step.run(given)


def searching(layers, call):
    from inference import Search  # what trains needs no transformers

    return torch.inference_mode()(call(Search(layers)))


def embed_images(search):
    pixels = torch.randn(8, 3, 384, 384)
    return lambda: search.images(pixels)


def unpadded(count):
    """Texts padded to the longest of them, as processors of transformers pad."""
    ids, mask = texts(count)
    longest = int(mask.sum(1).max())
    return ids[:, :longest], mask[:, :longest]


def embed_texts(search):
    ids, mask = unpadded(32)
    return lambda: search.texts(ids, mask)


def rerank(images):
    """128 pairs: each image with as many texts; of one text with 128 images, as search does, there is one only."""

    def call(search):
        tokens = torch.randn(images, 577, 768)
        ids, mask = unpadded(128 if images < 128 else 1)
        repeated = (ids, mask) if images < 128 else (ids.expand(128, -1), mask.expand(128, -1))
        rows = torch.arange(128) * images // 128
        return lambda: search.matches(tokens, *repeated, rows)

    return call


def randomised(model):
    """Spread as after BERT's initialisation, so that nothing overflows or vanishes."""
    torch.manual_seed(0)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, 0, 0.02)
    return model


def freeze_in_bfloat16(model):
    """Autocast keeps no cast of weights that do not train; cast before, they are not cast again in every product."""
    for module in model.modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)) and not module.weight.requires_grad:
            module.to(torch.bfloat16)


WORKLOADS = {
    "retrieval": lambda layers: retrieval(layers, (8, 3, 224, 224)),
    "retrieval-bfloat16": lambda layers: retrieval(layers, (8, 3, 224, 224), autocast=True),
    "video": lambda layers: retrieval(layers, (2, 8, 3, 224, 224)),
    "answering": answering,
    "embed-images": lambda layers: searching(layers, embed_images),
    "embed-texts": lambda layers: searching(layers, embed_texts),
    "rerank": lambda layers: searching(layers, rerank(8)),
    "rerank-search": lambda layers: searching(layers, rerank(128)),
}
