"""Frames of damaged labels as a camera sees them, for `damage`: what each damage of fixtures/damage.toml does.

Order of things is that of the world: the head prints, the paper suffers, the camera looks. Printing is done in dots; the
lens is the one place where dots are resampled, so that nothing is smoothed twice.
"""

import hashlib
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

# Cardboard around the label, in dots, that waves and tilts have something to show.
RIM = 40

# How far a camera is, in dots: 300 mm.
AWAY = 2400

# Pixels of a frame around the label, at least.
MARGIN = 24

# Pixels at a time that waves are followed in: their curve is a straight line over so short a way.
CELL = 12


@dataclass(frozen=True)
class Box:
    """A symbol's place in dots, without its quiet zone, and how wide its modules are."""

    left: int
    top: int
    right: int
    bottom: int
    module: float

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Label:
    """A reference picture, and what its codes say."""

    name: str
    ink: np.ndarray
    number: str
    token: str
    codes: tuple[Box, ...]
    lines: tuple[Box, ...]

    @property
    def symbols(self) -> tuple[Box, ...]:
        return self.codes + self.lines


@dataclass
class Shot:
    """A label on its way from the head into a frame. What is not damaged is as [camera] has it."""

    ink: np.ndarray
    paper: int
    tone: int
    around: int
    noise: float
    pixels_per_dot: float
    degrees: float
    blur: float = 0.0
    glare: tuple[float, float, float, float] | None = None
    waves: tuple[float, float, float] | None = None
    tilt: float = 0.0
    towards: float = 0.0
    jpeg: int | None = None
    white: list[tuple[float, float, float]] = field(default_factory=list)
    rings: list[tuple[int, int, int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Severity:
    """One severity of one kind of damage."""

    kind: str
    name: str
    value: float
    draws: int
    direction: str = ""


def severities(settings: dict) -> list[Severity]:
    """All that the file has, in its order. A sweep has no draws: what it has depends on the label."""
    units = {
        "rotation": ("degrees", "{}°"), "perspective": ("degrees", "{}°"), "blur": ("dots", "{} dots"),
        "contrast": ("share", "{}"), "growth": ("dots", "{:+} dot"), "dead_columns": ("adjacent", "{} adjacent"),
        "dead_columns_apart": ("count", "{} apart"), "skipped_rows": ("rows", "{} rows"),
        "wrinkle": ("pixels", "{} pixels"), "erased": ("share", "{:.0%}"), "glare": ("millimetres", "{} mm"),
        "quiet_zone": ("modules", "{} modules"), "jpeg": ("quality", "quality {}"),
        "distance": ("pixels_per_dot", "{} pixels per dot"),
    }
    found = []
    for kind, (key, text) in units.items():
        values = settings[kind][key]
        if isinstance(values, dict):
            values = range(values["from"], values["to"] + 1, values["by"])
        for value in values:
            for direction in settings[kind].get("directions", [""]):
                name = f"{text.format(value)} {direction}".strip()
                found.append(Severity(kind, name, value, settings[kind].get("draws", 1), direction))
    unknown = set(settings) - set(units) - {"seed", "least", "camera", "quick"}
    assert not unknown, f"damages that nobody knows how to do: {unknown}"
    return found


def chance(*words: object) -> np.random.Generator:
    """Random numbers that follow from words and nothing else."""
    return np.random.default_rng(list(hashlib.sha256(repr(words).encode()).digest()))


def frame(settings: dict, label: Label, severity: Severity | None, draw: int) -> np.ndarray:
    """One frame: tones, row by row. Without a severity it is a clean label."""
    words = (severity.kind, severity.name) if severity else ("clean",)
    random = chance(settings["seed"], label.name, *words, draw)
    shot = plain(settings, label)
    if severity:
        DAMAGES[severity.kind](shot, label, severity, draw, random)
    return take(shot, random)


def plain(settings: dict, label: Label) -> Shot:
    camera = settings["camera"]
    return Shot(label.ink, camera["paper"], camera["ink"], camera["around"], camera["noise"], camera["pixels_per_dot"],
                camera["degrees"])


def sweep(settings: dict, label: Label, severity: Severity, places: list[int]) -> Iterator[np.ndarray]:
    """A frame for each place at which dead columns begin.

    A dead column changes a strip of the frame and nothing else, so only that is made anew.
    """
    shot = plain(settings, label)
    random = chance(settings["seed"], label.name, severity.kind, severity.name)
    # All frames of a sweep are taken from one place.
    shift = random.random(2)
    matrix, size = projection(shot, shift)
    noise = grain(shot.noise, size, random)
    clean = noisy(resampled(tones(shot), shot, matrix, size), noise)
    for x in places:
        dead = replace(shot, ink=without_columns(label.ink, [x], int(severity.value)))
        box = around(matrix, size, x - 2, x + int(severity.value) + 2, label.ink.shape[0])
        left, top, right, bottom = box
        moved = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix
        strip = resampled(tones(dead), dead, moved, (right - left, bottom - top))
        found = clean.copy()
        found[top:bottom, left:right] = noisy(strip, noise[top:bottom, left:right])
        yield found


# What each damage does. The head:


def growth(shot: Shot, label: Label, severity: Severity, draw: int, _: np.random.Generator) -> None:
    # The side on which an edge moves is that of the direction of the paper or of the current: one of two, by the draw.
    across, along = severity.direction != "along", severity.direction != "across"
    ink = label.ink
    for axis, moves in ((1, across), (0, along)):
        if moves:
            moved = np.roll(ink, 1 if draw % 2 else -1, axis)
            ink = ink | moved if severity.value > 0 else ink & moved
    shot.ink = ink


def without_columns(ink: np.ndarray, places: list[int], adjacent: int) -> np.ndarray:
    dead = ink.copy()
    for x in places:
        dead[:, x:x + adjacent] = False
    return dead


def dead_columns_apart(shot: Shot, label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.ink = without_columns(label.ink, list(random.choice(label.ink.shape[1], severity.value, replace=False)), 1)


def skipped_rows(shot: Shot, label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    y = int(random.integers(label.ink.shape[0] - severity.value))
    shot.ink = without_columns(label.ink.T, [y], severity.value).T


# The paper:


def erased(shot: Shot, label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    for box in label.symbols:
        x, y = random.uniform(box.left, box.right), random.uniform(box.top, box.bottom)
        shot.white.append((x, y, math.sqrt(severity.value * box.area / math.pi)))


def quiet_zone(shot: Shot, label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    for box in label.symbols:
        away = round(severity.value * box.module)
        # A pen's line is 4 dots.
        shot.rings.append((box.left - away, box.top - away, box.right + away, box.bottom + away, 4))


def wrinkle(shot: Shot, label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.waves = (severity.value / shot.pixels_per_dot, random.uniform(64, 120), random.uniform(0, math.pi))


def glare(shot: Shot, label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    height, width = label.ink.shape
    shot.glare = (random.uniform(0, width), random.uniform(0, height), random.uniform(0, math.pi), severity.value * 8)


# The camera:


def rotation(shot: Shot, _label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.degrees = severity.value


def perspective(shot: Shot, _label: Label, severity: Severity, draw: int, random: np.random.Generator) -> None:
    shot.tilt, shot.towards = severity.value, 90 * draw


def blur(shot: Shot, _label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.blur = severity.value


def contrast(shot: Shot, _label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.tone = round(shot.paper - 255 * severity.value)


def jpeg(shot: Shot, _label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.jpeg = severity.value


def distance(shot: Shot, _label: Label, severity: Severity, _: int, random: np.random.Generator) -> None:
    shot.pixels_per_dot = severity.value


DAMAGES = {damage.__name__: damage for damage in (
    growth, dead_columns_apart, skipped_rows, erased, quiet_zone, wrinkle, glare, rotation, perspective, blur, contrast,
    jpeg, distance,
)}


# From a shot to a frame.


def take(shot: Shot, random: np.random.Generator) -> np.ndarray:
    matrix, size = projection(shot, random.random(2))
    picture = resampled(tones(shot), shot, matrix, size)
    found = noisy(picture, grain(shot.noise, size, random))
    if shot.jpeg is not None:
        packed = io.BytesIO()
        Image.fromarray(found).save(packed, "JPEG", quality=shot.jpeg)
        found = np.asarray(Image.open(packed).convert("L"))
    return found


def tones(shot: Shot) -> np.ndarray:
    """The label on cardboard, in dots."""
    height, width = shot.ink.shape
    ink = shot.ink
    if shot.white or shot.rings:
        ink = ink.copy()
    for left, top, right, bottom, pen in shot.rings:
        inside = ink[max(top, 0):bottom, max(left, 0):right].copy()
        ink[max(top - pen, 0):bottom + pen, max(left - pen, 0):right + pen] = True
        ink[max(top, 0):bottom, max(left, 0):right] = inside
    for x, y, radius in shot.white:
        rows, columns = np.ogrid[:height, :width]
        ink[(columns - x) ** 2 + (rows - y) ** 2 <= radius ** 2] = False
    sheet = np.where(ink, np.uint8(shot.tone), np.uint8(shot.paper))
    if shot.glare:
        x, y, angle, wide = shot.glare
        rows, columns = np.ogrid[:height, :width]
        off = np.abs((columns - x) * math.cos(angle) + (rows - y) * math.sin(angle))
        # Over half a millimetre light falls from saturation to none.
        share = np.clip((wide / 2 + 4 - off) / 4, 0, 1)
        sheet = (sheet + (255 - sheet) * share).astype(np.uint8)
    sheet = np.pad(sheet, RIM, constant_values=shot.around)
    if shot.blur:
        reach = math.ceil(4 * shot.blur)
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / shot.blur) ** 2).astype(np.float32)
        kernel /= kernel.sum()
        soft = sheet.astype(np.float32)
        for axis in (0, 1):
            padded = np.pad(soft, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
            long = soft.shape[axis]
            parts = (padded[i:i + long] if axis == 0 else padded[:, i:i + long] for i in range(2 * reach + 1))
            soft = sum(weight * part for weight, part in zip(kernel, parts))
        sheet = np.rint(soft).astype(np.uint8)
    return sheet


def projection(shot: Shot, shift: np.ndarray) -> tuple[np.ndarray, tuple[int, int]]:
    """What takes dots of the sheet to pixels, and how large the frame is."""
    height, width = (side + 2 * RIM for side in shot.ink.shape)
    centre = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    turn, slope = math.radians(shot.towards), math.radians(shot.tilt)
    to, back = rotated(-turn), rotated(turn)
    # Along the direction of the tilt lines are shortened, and what is farther is smaller.
    tilted = np.array([[math.cos(slope), 0, 0], [0, 1, 0], [math.sin(slope) / AWAY, 0, 1]])
    scale = np.diag([shot.pixels_per_dot, shot.pixels_per_dot, 1])
    matrix = rotated(math.radians(shot.degrees)) @ scale @ back @ tilted @ to @ centre
    corners = mapped(matrix, [(RIM, RIM), (width - RIM, RIM), (RIM, height - RIM), (width - RIM, height - RIM)])
    least = corners.min(0) - MARGIN - shift
    size = np.ceil(corners.max(0) - least + MARGIN).astype(int)
    return np.array([[1, 0, -least[0]], [0, 1, -least[1]], [0, 0, 1]]) @ matrix, (int(size[0]), int(size[1]))


def rotated(angle: float) -> np.ndarray:
    return np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])


def mapped(matrix: np.ndarray, points: object) -> np.ndarray:
    points = np.asarray(points, float)
    found = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return found[:, :2] / found[:, 2:]


def around(matrix: np.ndarray, size: tuple[int, int], left: int, right: int, height: int) -> tuple[int, int, int, int]:
    """The pixels in which some columns of a label are seen."""
    ends = [(x + RIM, y + RIM) for x in (left, right) for y in (0, height)]
    points = mapped(matrix, ends)
    low, high = np.floor(points.min(0)).astype(int) - 1, np.ceil(points.max(0)).astype(int) + 1
    return (max(int(low[0]), 0), max(int(low[1]), 0), min(int(high[0]), size[0]), min(int(high[1]), size[1]))


def resampled(sheet: np.ndarray, shot: Shot, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    inverse = np.linalg.inv(matrix)
    inverse /= inverse[2, 2]
    picture = Image.fromarray(sheet)
    if shot.waves:
        mesh = list(waved(inverse, size, shot.waves))
        found = picture.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=shot.around)
    else:
        numbers = tuple(inverse.flat)[:8]
        found = picture.transform(
            size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR, fillcolor=shot.around)
    return np.asarray(found)


def waved(inverse: np.ndarray, size: tuple[int, int], waves: tuple[float, float, float]) -> Iterator[tuple]:
    """Cells of a frame, each with the four points of the sheet that are seen in its corners."""
    amplitude, length, angle = waves
    along = np.array([math.cos(angle), math.sin(angle)])
    across, down = np.arange(0, size[0] + CELL, CELL), np.arange(0, size[1] + CELL, CELL)
    grid = np.stack(np.meshgrid(across, down), -1).reshape(-1, 2)
    points = mapped(inverse, grid)
    points = points + amplitude * np.sin(2 * math.pi / length * (points @ along))[:, None] * along
    points = points.reshape(len(down), len(across), 2)
    for j in range(len(down) - 1):
        for i in range(len(across) - 1):
            right, bottom = min(across[i + 1], size[0]), min(down[j + 1], size[1])
            corners = (points[j, i], points[j + 1, i], points[j + 1, i + 1], points[j, i + 1])
            if right == across[i + 1] and bottom == down[j + 1]:
                yield (int(across[i]), int(down[j]), int(right), int(bottom)), tuple(np.concatenate(corners))


def grain(noise: float, size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """What the sensor adds to each pixel. A field that is made once is taken from another corner each time: making one for
    every frame would take as long as reading it."""
    global _field
    if _field is None or _field[0] != noise:
        _field = noise, np.rint(chance("grain").normal(0, noise, (1024, 1024))).astype(np.int8)
    down, across = random.integers(1024, size=2)
    rolled = np.roll(_field[1], (int(down), int(across)), (0, 1))
    return np.tile(rolled, (size[1] // 1024 + 1, size[0] // 1024 + 1))[:size[1], :size[0]]


_field: tuple[float, np.ndarray] | None = None


def noisy(picture: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return np.clip(picture.astype(np.int16) + noise, 0, 255).astype(np.uint8)
