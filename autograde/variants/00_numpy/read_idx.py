"""Right and wrong answers to the exercise read_idx."""

# %% setup
import gzip
import math
from pathlib import Path

import numpy as np


# %% right struct
def read_idx(path):
    import struct

    with Path(path).open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    try:
        with (gzip.open if packed else Path.open)(Path(path), "rb") as stream:
            content = stream.read()
        (magic,) = struct.unpack(">I", content[:4])
        if magic not in (2049, 2051):
            raise ValueError(f"magic number {magic}")
        shape = struct.unpack_from(f">{magic - 2048}I", content, 4)
    except (EOFError, struct.error) as error:
        raise ValueError(f"{path} is cut short") from error
    return np.frombuffer(content[4 * (magic - 2047) :], dtype=np.uint8).reshape(shape)


# %% right numpy_header
def read_idx(path):
    data = np.fromfile(path, dtype=np.uint8)
    if data[:2].tolist() == [31, 139]:
        try:
            data = np.frombuffer(gzip.decompress(data.tobytes()), np.uint8)
        except EOFError as error:
            raise ValueError("cut") from error
    if len(data) < 4:
        raise ValueError("no magic number")
    magic = int(data[:4].view(">u4")[0])
    if magic not in (2049, 2051):
        raise ValueError("wrong magic number")
    n_axes = magic & 255
    if len(data) < 4 + 4 * n_axes:
        raise ValueError("no header")
    shape = data[4 : 4 + 4 * n_axes].view(">u4").astype(int)
    entries = data[4 + 4 * n_axes :]
    if entries.size != shape.prod():
        raise ValueError("wrong size")
    return entries.reshape(shape)


# %% right mapped
def read_idx(path):
    with Path(path).open("rb") as stream:
        start = stream.read(16)
    if start[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(Path(path).read_bytes())
        except Exception as error:
            raise ValueError(str(error)) from error
        entries, start = np.frombuffer(data, np.uint8), data[:16]
    elif len(start) < 4:
        raise ValueError("not even a magic number")
    else:
        entries = np.memmap(path, dtype=np.uint8, mode="r")
    n_axes = {b"\0\0\x08\x01": 1, b"\0\0\x08\x03": 3}.get(start[:4])
    if n_axes is None:
        raise ValueError("wrong magic number")
    shape = np.frombuffer(start, ">i4", count=n_axes, offset=4)
    return entries[4 + 4 * n_axes :].reshape(shape.tolist())


# %% right an_error_of_its_own
def read_idx(path):
    class NotAnIdxFile(ValueError):
        pass

    data = Path(path).read_bytes()
    try:
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        magic, *lengths = np.frombuffer(data[: 16 if data[3] == 3 else 8], ">u4").tolist()
        assert magic in (2049, 2051) and len(lengths) == magic % 256
        return np.array(list(data[4 + 4 * len(lengths) :]), dtype=np.uint8).reshape(lengths)
    except (EOFError, IndexError, AssertionError, ValueError) as error:
        raise NotAnIdxFile(f"{path}: {error}") from error


# %% right column_major_in_memory
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError:
            data = b""
    n_axes = {2049: 1, 2051: 3}.get(int.from_bytes(data[:4], "big"), 0)
    if n_axes == 0 or len(data) < 4 + 4 * n_axes:
        raise ValueError("wrong magic number, or no header")
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(n_axes)]
    return np.asfortranarray(np.frombuffer(data, np.uint8, offset=4 + 4 * n_axes).reshape(shape))


# %% wrong height_and_width_swapped -> two_small_images
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    n_axes = magic % 256
    shape = np.frombuffer(data, ">u4", count=n_axes, offset=4).tolist()
    if n_axes == 3:
        shape = [shape[0], shape[2], shape[1]]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


# %% wrong reshape_taken_for_transpose -> two_small_images
# The first axis is taken to run fastest, and the result turned to the right shape.
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    n_axes = magic % 256
    shape = np.frombuffer(data, ">u4", count=n_axes, offset=4).tolist()
    return np.frombuffer(data, np.uint8, offset=4 + 4 * n_axes).reshape(shape[::-1]).T


# %% wrong images_flattened -> two_small_images
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape[0], -1)


# %% wrong divided_by_255 -> entries_are_as_stored
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape) / 255


# %% wrong scaled_by_their_own_maximum -> two_small_images
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    entries = np.frombuffer(data, np.uint8, offset=start).reshape(shape)
    if entries.ndim == 3:
        return entries / entries.max(axis=(1, 2), keepdims=True)
    return entries


# %% wrong stretched_to_255 -> two_small_images
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    entries = np.frombuffer(data, np.uint8, offset=start).reshape(shape)
    if entries.ndim == 3:
        return (entries / entries.max(axis=(1, 2), keepdims=True) * 255).astype(np.uint8)
    return entries


# %% wrong converted_to_int -> entries_are_as_stored
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape).astype(int)


# %% wrong signed_bytes -> two_small_images
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.int8, offset=start).reshape(shape)


# %% wrong three_axes_always -> five_labels
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong a_column_of_labels -> five_labels
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape if len(shape) == 3 else (-1, 1))


# %% wrong little_endian -> five_labels
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "little") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong little_endian_magic -> a_wrong_magic_number_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "little")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong one_byte_of_each_length -> files_of_random_sizes
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [data[i + 3] for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong header_read_as_pixels -> two_small_images
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8)[: math.prod(shape)].reshape(shape)


# %% wrong packed_by_its_name -> packed_files_are_known_by_their_bytes
def read_idx(path):
    data = Path(path).read_bytes()
    if str(path).endswith(".gz"):
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong never_unpacked -> packed_files_are_known_by_their_bytes
def read_idx(path):
    data = Path(path).read_bytes()
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong always_unpacked -> five_labels
def read_idx(path):
    data = Path(path).read_bytes()
    if True:
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong any_magic_number -> a_wrong_magic_number_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    start = 4 + 4 * (magic % 256)
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong the_last_byte_of_the_magic_number -> a_wrong_magic_number_is_refused
# Thirteen in the third byte means floats, which this reader does not know.
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic % 256 not in (1, 3):
        raise ValueError("magic number")
    start = 4 + 4 * (magic % 256)
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong another_error_for_the_magic_number -> a_wrong_magic_number_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise TypeError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong an_assertion -> a_wrong_magic_number_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    assert magic in (2049, 2051)
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong none_for_a_wrong_file -> a_wrong_magic_number_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        return None
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong too_few_passed_over -> a_cut_file_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) > start + math.prod(shape):
        raise ValueError("wrong size")
    entries = np.frombuffer(data, np.uint8, offset=min(start, len(data)))
    return np.resize(entries, shape)


# %% wrong as_many_images_as_there_are -> a_cut_file_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    return np.frombuffer(data, np.uint8, offset=start).reshape(-1, *shape[1:])


# %% wrong a_cut_header_is_a_struct_error -> a_cut_file_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    import struct

    shape = struct.unpack_from(f">{start // 4 - 1}I", data, 4)
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong an_empty_file_is_an_index_error -> a_cut_file_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = data[2] * 256 + data[3]
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong eof_error_let_through -> a_cut_packed_file_is_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong surplus_cut_off -> surplus_bytes_are_refused
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) < start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start, count=math.prod(shape)).reshape(shape)


# %% wrong refuses_everything -> five_labels
def read_idx(path):
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    raise ValueError("never mind")


# %% wrong only_paths_no_text -> five_labels
def read_idx(path):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


# %% wrong packed_files_are_not_measured -> damaged_files_of_every_kind
def read_idx(path):
    data = Path(path).read_bytes()
    packed = data[:2] == b"\x1f\x8b"
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise ValueError("cut") from error
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError("magic number")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if not packed and len(data) != start + math.prod(shape):
        raise ValueError("wrong size")
    entries = np.frombuffer(data, np.uint8, offset=min(start, len(data)))
    return np.resize(entries, shape)
