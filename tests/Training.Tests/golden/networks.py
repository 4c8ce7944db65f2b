"""The networks of the paper in plain PyTorch, with the names that the authors' modules give to parameters.

Each takes the number of classes and whether layers are normalized. Without normalization, an identity stands in its place, and layers that
have no bias because their normalization has one get a bias.
"""
from torch import nn
from torch.nn import functional


def batch_norm_1d(channels, normalized):
    return nn.BatchNorm1d(channels) if normalized else nn.Identity()


def batch_norm_2d(channels, normalized):
    return nn.BatchNorm2d(channels) if normalized else nn.Identity()


class Fully(nn.Module):
    def __init__(self, classes, normalized):
        super().__init__()
        layers, width = [], 784
        for _ in range(5):
            layers += [nn.Linear(width, 512), batch_norm_1d(512, normalized), nn.ReLU()]
            width = 512
        self.layers = nn.Sequential(*layers, nn.Linear(width, classes))

    def forward(self, x):
        return self.layers(x.flatten(1))


class FeaturesAndClassifier(nn.Module):
    def __init__(self, features, classifier):
        super().__init__()
        self.features, self.classifier = features, classifier

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def connected(inputs, hidden, classes, normalized):
    layers = []
    for outputs in hidden:
        layers += [nn.Linear(inputs, outputs, bias=not normalized), batch_norm_1d(outputs, normalized), nn.ReLU(), nn.Dropout(0.5)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Linear(inputs, classes))


def shallow(classes, normalized):
    layers = []
    for inputs in (3, 64):
        layers += [nn.Conv2d(inputs, 64, 5, padding=2, bias=not normalized), nn.MaxPool2d(3, 2), batch_norm_2d(64, normalized), nn.ReLU()]
    return FeaturesAndClassifier(nn.Sequential(*layers), connected(64 * 7 * 7, (384, 192), classes, normalized))


def vgg16(classes, normalized):
    layers, inputs = [], 3
    for channels in (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"):
        if channels == "M":
            layers.append(nn.MaxPool2d(2, 2))
        else:
            layers += [nn.Conv2d(inputs, channels, 3, padding=1, bias=not normalized), batch_norm_2d(channels, normalized), nn.ReLU()]
            inputs = channels
    return FeaturesAndClassifier(nn.Sequential(*layers), nn.Linear(inputs, classes))


def alexnet(classes, normalized):
    def layer(inputs, outputs, kernel, pool, normalize_first, **options):
        behind = [nn.ReLU(), batch_norm_2d(outputs, normalized)]
        return [
            nn.Conv2d(inputs, outputs, kernel, bias=not normalized, **options), *([nn.MaxPool2d(3, 2)] if pool else []),
            *(reversed(behind) if normalize_first else behind)]

    features = [
        *layer(3, 64, 11, True, True, stride=4, padding=2), *layer(64, 192, 5, True, False, padding=2), *layer(192, 384, 3, False, False, padding=1),
        *layer(384, 256, 3, False, False, padding=1), *layer(256, 256, 3, True, False, padding=1)]
    return FeaturesAndClassifier(nn.Sequential(*features), connected(256 * 6 * 6, (4096, 4096), classes, normalized))


class Block(nn.Module):
    def __init__(self, inputs, channels, stride, normalized):
        super().__init__()
        bias = not normalized
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, padding=1, bias=bias)
        self.bn1 = batch_norm_2d(channels, normalized)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=bias)
        self.bn2 = batch_norm_2d(channels, normalized)
        if stride != 1 or inputs != channels:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=bias), batch_norm_2d(channels, normalized))
        else:
            self.downsample = nn.Identity()

    def forward(self, x):
        inner = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(inner)) + self.downsample(x))


class Residual(nn.Module):
    def __init__(self, depth, width, classes, normalized):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=not normalized)
        self.bn1 = batch_norm_2d(width, normalized)
        inputs, groups = width, []
        for channels, stride in ((width, 1), (2 * width, 2), (4 * width, 2)):
            blocks = []
            for i in range((depth - 2) // 6):
                blocks.append(Block(inputs, channels, stride if i == 0 else 1, normalized))
                inputs = channels
            groups.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3 = groups
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        maps = self.layer3(self.layer2(self.layer1(functional.relu(self.bn1(self.conv1(x))))))
        return self.fc(functional.avg_pool2d(maps, 8).flatten(1))


# How to build each network, and the shape of an image.
NETWORKS = {
    "f1": (Fully, (1, 28, 28)),
    "c1": (shallow, (3, 32, 32)),
    "c3": (shallow, (3, 32, 32)),
    "resnet44": (lambda classes, normalized: Residual(44, 16, classes, normalized), (3, 32, 32)),
    "vgg16": (vgg16, (3, 32, 32)),
    "wresnet16-4": (lambda classes, normalized: Residual(16, 64, classes, normalized), (3, 32, 32)),
    "alexnet": (alexnet, (3, 224, 224)),
}
