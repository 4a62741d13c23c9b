"""The release's training steps: retrieval with momentum, queue and hard negatives; answering. See release.py."""

import copy

import torch
from torch.nn import functional

from release import Seen, frame_weights, starting, train_adapters


def sampled(weights):
    """One column of each row, by its weight, as the release draws hard negatives."""
    return torch.tensor([torch.multinomial(row, 1).item() for row in weights])


class Retrieval:
    """ITC + ITM. `negatives` picks a column of each row of weights; clips are told from the batch."""

    def __init__(self, model, queue, *, momentum=0.995, alpha=0.4, lr=1e-5, negatives=sampled, frame_aware=True):
        self.model, self.momentum, self.alpha = model, momentum, alpha
        self.negatives, self.frame_aware = negatives, frame_aware
        self.trained = train_adapters(model)
        self.twin = copy.deepcopy(model).requires_grad_(False)
        self.optimizer = adamw(self.trained, lr)
        projection = model.sizes.projection
        self.images = functional.normalize(torch.randn(projection, queue), dim=0)
        self.texts = functional.normalize(torch.randn(projection, queue), dim=0)
        self.ids = torch.full((1, queue), -100)
        self.next = 0

    def run(self, batch, autocast=False):
        """One update. -> the losses"""
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            losses = self.losses(**batch)
        self.optimizer.zero_grad()
        sum(losses).backward()
        self.optimizer.step()
        return [loss.item() for loss in losses]

    def losses(self, image, ids, mask, index):
        model = self.model
        tokens, class_tokens = model.see(image)
        image_feature, frames = model.image_features(class_tokens)
        text_feature = model.text_features(ids, mask)
        temperature = model.temp.clamp(0.001, 0.5)
        itc = self.contrast(image, ids, mask, index[None], image_feature, text_feature, temperature)
        pairs = [ids, mask, text_feature], [tokens, frames]
        return itc, self.matching(pairs, *self.mine(image_feature, text_feature, index, temperature))

    def contrast(self, image, ids, mask, index, image_feature, text_feature, temperature):
        with torch.no_grad():
            self.follow()
            image_m, _ = self.twin.image_features(self.twin.see(image)[1])
            text_m = self.twin.text_features(ids, mask)
            images, texts = torch.cat([image_m.t(), self.images], 1), torch.cat([text_m.t(), self.texts], 1)
            all_ids = torch.cat([index, self.ids], 1)
            same = (index.t() == all_ids).float()
            same = same / same.sum(1, keepdim=True)
            soft = lambda x, all: self.alpha * functional.softmax(x @ all / temperature, 1) + (1 - self.alpha) * same
            image_targets, text_targets = soft(image_m, texts), soft(text_m, images)
        cross = lambda x, all, targets: -(functional.log_softmax(x @ all / temperature, 1) * targets).sum(1).mean()
        loss = (cross(image_feature, texts, image_targets) + cross(text_feature, images, text_targets)) / 2
        self.enqueue(image_m, text_m, index)
        return loss

    def follow(self):
        """Moving averages of both towers, projections included; adapters belong to both, so theirs move twice."""
        model, twin = self.model, self.twin
        for part in ("visual_encoder", "adapters", "vision_proj", "text_encoder", "adapters", "text_proj"):
            for current, average in zip(getattr(model, part).parameters(), getattr(twin, part).parameters()):
                average.data = average.data * self.momentum + current.data * (1.0 - self.momentum)

    def enqueue(self, image, text, index):
        places = (self.next + torch.arange(len(image))) % self.ids.shape[1]
        self.images[:, places], self.texts[:, places] = image.t().float(), text.t().float()
        self.ids[:, places] = index.to(self.ids.dtype)
        self.next = int(places[-1] + 1) % self.ids.shape[1]

    def mine(self, image, text, index, temperature):
        """-> the image put to each text, the text put to each image"""
        with torch.no_grad():
            same = index[:, None] == index[None]
            weights = lambda x, y: functional.softmax((x @ y.t() / temperature).float(), 1).masked_fill(same, 0)
            return self.negatives(weights(text, image)), self.negatives(weights(image, text))

    def matching(self, pairs, image_rows, text_rows):
        """Positives, then both kinds of negatives: two passes, as in the release."""
        texts, images = pairs
        of = lambda parts, rows: [part[rows] for part in parts]
        both = lambda x, y: [torch.cat(parts) for parts in zip(x, y)]
        positive = self.match(texts, images)
        negative = self.match(both(texts, of(texts, text_rows)), both(of(images, image_rows), images))
        truth = torch.cat([torch.ones(len(positive)), torch.zeros(len(negative))]).long()
        return functional.cross_entropy(torch.cat([positive, negative]), truth)

    def match(self, texts, images):
        (ids, mask, text_feature), (tokens, frames) = texts, images
        model = self.model
        is_weighed = self.frame_aware and frames.shape[1] > 1
        weights = frame_weights(text_feature, frames, model.sizes.tokens) if is_weighed else None
        hidden = model.multimodal(ids, mask, Seen(tokens, key_weights=weights))
        return model.itm_head(hidden[:, 0])


class Answering:
    """The LM loss of every answer, by the share of annotators who gave it."""

    def __init__(self, model, *, lr=2e-5, smoothing=0.1):
        self.model, self.smoothing = model, smoothing
        self.trained = train_adapters(model)
        self.optimizer = adamw(self.trained, lr)

    def run(self, batch):
        loss = self.loss(**batch)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return [loss.item()]

    def loss(self, image, question, question_mask, answer, answer_mask, answer_weight, answers):
        """`answers` [B]: how many each question has"""
        model = self.model
        states = model.multimodal(question, question_mask, Seen(model.see(image)[0]))
        seen = Seen(states.repeat_interleave(answers, 0), question_mask.repeat_interleave(answers, 0))
        logits = model.text_decoder(starting(answer, model.sizes.dec), answer_mask, model.adapters, seen)
        targets = answer[:, 1:].masked_fill(answer_mask[:, 1:] == 0, -100)
        losses = functional.cross_entropy(
            logits[:, :-1].transpose(1, 2), targets, reduction="none", label_smoothing=self.smoothing
        )
        pictures = len(image) if image.dim() == 4 else len(image) * image.shape[1]  # so does the release with clips
        return (losses.sum(1) * answer_weight).sum() / pictures


def adamw(trained, lr):
    return torch.optim.AdamW(trained.values(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.05, fused=True)
