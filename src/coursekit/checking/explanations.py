"""The commonest errors of Python, NumPy and PyTorch in plain words, with what to write."""

from __future__ import annotations

import re

from coursekit.absent import remedy

__all__ = ["explained"]

_SHAPE = r"\(([\d,]*)\)"
#: An error's kind and text, as "kind: text", and what to say of it; groups of the pattern stand in braces.
_EXPLANATIONS: tuple[tuple[str, str], ...] = (
    # Here, and not where coursekit imports it: a student's own line may be what asks for it.
    (r"No module named 'torch'|needs PyTorch", f"This needs PyTorch. {remedy()}"),
    (
        r"truth value of an array with more than one|Boolean value of Tensor with more than one",
        "`if`, `and`, `max` and `min` want one truth value and get one for each entry. Entry by entry, write "
        "np.where(condition, a, b), np.maximum(a, b) or & for `and` (in PyTorch torch.where, torch.clamp); for "
        "all entries together, .all() or .any().",
    ),
    (
        r"operands could not be broadcast together with (?:remapped )?shapes \((\d+),(?!\1\b)(\d+)\) \(\1,\)",
        "One side has {0} rows of {1}, the other one number for each row. For one number per column, work along axis=0;"
        " for one per row, keep the axis, keepdims=True or a[:, None], so that it is ({0}, 1).",
    ),
    (
        rf"operands could not be broadcast together with (?:remapped )?shapes {_SHAPE} {_SHAPE}",
        "Arrays of the shapes ({0}) and ({1}) do not fit entry by entry: from the last axis on, lengths must be "
        "equal, or one of them 1. Keep an axis with keepdims=True or a[:, None]; for a product of matrices write "
        "@, not *.",
    ),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        "Along axis {2} one tensor has {0} entries and the other {1}: lengths must be equal, or one of them 1. "
        "Keep an axis with keepdim=True or a[:, None]; for a product of matrices write @, not *.",
    ),
    (
        r"matmul: Input operand 1 has a mismatch .*size (\d+) is different from (\d+)",
        "A @ B needs as many columns in A as rows in B; here A has {1} columns and B {0} rows. Print both shapes:"
        " is one of them to be transposed, .T, or do they belong in the other order?",
    ),
    (
        rf"shapes {_SHAPE} and {_SHAPE} not aligned",
        "A product of matrices needs as many columns in the first as rows in the second; the shapes are ({0}) and"
        " ({1}). Is one of them to be transposed, .T, or do they belong in the other order?",
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "A layer or product for {2} features got rows of {1}. Print x.shape before that layer: are images "
        "flattened, x.flatten(1), and does each layer take as many features as the one before it gives?",
    ),
    (
        r"inhomogeneous shape",
        "A list whose parts have different lengths cannot become an array. Print the length or shape of each "
        "part; np.concatenate joins arrays of different lengths.",
    ),
    (
        rf"could not broadcast input array from shape {_SHAPE} into shape (\((?:\d+,)*0(?:,\d*)*\))",
        "The place left of = is empty, of the shape {1}. A slice such as [pad:-pad] is empty for pad = 0: write "
        "[pad : pad + n] with the length that you mean.",
    ),
    (
        rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
        "What is assigned has the shape ({0}), and the place left of = has ({1}). Print both.",
    ),
    (
        r"only (?:0-dimensional|length-1|size-1|one element) (?:arrays|tensors) can be converted|"
        r"can only convert an array of size 1",
        "A function for a single number, such as math.exp, float or int, got a whole array. NumPy's functions go entry "
        "by entry: np.exp, np.log, np.sqrt.",
    ),
    (
        r"to have (\d+) channels, but got (\d+) channels",
        "A convolution made for {0} channels got images of {1}. Take the number of channels from the argument, or from "
        "the layer before, and write no fixed one.",
    ),
    (
        r"for \S+ '(?:Node|Placeholder)' and|'Node' object (?:is not|has no)|must be real number, not Node",
        "A function got nodes where it wants their values. Look up the value of each parent first, and pass those.",
    ),
    (
        r"'(int|float)' object has no attribute '(data|grad|parents|backward)'",
        "A plain number stands where a Value is wanted: numbers have no .{1}. Make it one first, Value(other), in "
        "every operation that may get a number.",
    ),
    (
        r"KeyError: (.+)",
        "The dict has no key {0}. Print its keys; `in` asks whether one is there before it is looked up.",
    ),
    (
        r"setting an array element with a sequence",
        "A whole array was put where one number belongs. Print the shape of what you assign, and of the place it "
        "goes to.",
    ),
    (
        r"Cannot interpret '(-?\d+)' as a data type",
        "The second argument of np.zeros, np.ones and np.empty is the dtype, and it got {0}. Write the shape in "
        "brackets of its own: np.zeros((n, k)).",
    ),
    (
        r"return arrays must be of ArrayType",
        "np.maximum, np.add and their like take two arrays; a third is where they write the result. For three, "
        "call it twice: np.maximum(np.maximum(a, b), c).",
    ),
    (
        r"list is not a Module subclass|'list' object .*Module",
        "nn.Sequential takes layers, not a list of them. Write a star before the list: nn.Sequential(*layers).",
    ),
    (
        r"optimizer got an empty parameter list",
        "The model has no parameters that it knows of. Layers in a plain list are not registered: use "
        "nn.Sequential(*layers) or nn.ModuleList(layers), and call super().__init__() first.",
    ),
    (
        r"cannot assign module before Module.__init__",
        "Begin __init__ with super().__init__(), before any layer is assigned.",
    ),
    (
        r"'type' object does not support the context manager|AttributeError: __enter__",
        "`with` got a class, not an object of it: brackets are missing. Write `with torch.no_grad():`.",
    ),
    (
        r"must be Tensor, not (\w+(?:\.\w+)?)",
        "PyTorch wants a tensor here and got {0}. Turn it into one, torch.tensor(value), or "
        "torch.as_tensor(array) for an array.",
    ),
    (
        r"must be a tensor, got|expected Tensor as element|expected a Tensor|must be tuple of Tensors, not",
        "PyTorch wants a tensor here. Turn the value into one: torch.tensor(value); torch.stack(list) for a list "
        "of tensors.",
    ),
    (
        r"bitwise_xor|unsupported operand type\(s\) for \^",
        "^ is no power in Python but a bitwise operation. Write ** for a power: x**2.",
    ),
    (
        r"for @: '(?:float|int)'|matmul: Input operand \d does not have enough dimensions",
        "@ multiplies matrices and vectors; one side is a single number. For numbers write *.",
    ),
    (
        r"'NoneType' object is not|for [-+*/@]=?: (?:'NoneType'|'\w+' and 'NoneType')|unpack non-iterable NoneType|"
        r"'NoneType' object has no attribute",
        "Something is None: a function without `return` gives None, and so does a method that works in place, "
        "such as list.sort or list.append.",
    ),
    (
        r"unsupported operand type\(s\) for (\S+): '(?:int|float)' and '([A-Z]\w*)'",
        "The number stands on the left, so Python asks {1} for the reflected method of {0}: __radd__, __rsub__, "
        "__rmul__ or __rtruediv__.",
    ),
    (
        r"index (-?\d+) is out of bounds for (?:axis|dimension) (\d+) with size (\d+)",
        "Axis {1} has {2} entries, numbered from 0; there is none at {0}. Does a loop run one too far, or do two "
        "axes have the other order?",
    ),
    (
        r"list index out of range",
        "The list has fewer items than that; they are numbered from 0. Print its length.",
    ),
    (
        r"(?:axis|Dimension) -?(\d+) is out of bounds for array of dimension (\d+)|Dimension out of range",
        "The array has fewer axes than that. Its axes are numbered from 0, and an earlier step may have dropped "
        "one: keepdims=True keeps it.",
    ),
    (
        r"too many indices for (?:array|tensor)",
        "There are more indices than axes. Print the shape: has an earlier step dropped an axis, or flattened the"
        " array?",
    ),
    (
        r"only integers, slices|arrays used as indices must be of integer|indices must be integers|"
        r"tensors used as indices must be|only integer scalar arrays can be converted",
        "An index must be a whole number. // divides without a remainder, and .astype(int) turns an array into "
        "whole numbers; an array of indices indexes an array, not a list.",
    ),
    (
        r"object cannot be interpreted as an integer",
        "A whole number is needed, as in range(n) or a shape: / gives a float, // a whole number.",
    ),
    (
        r"Cannot cast ufunc '(\w+)' output from dtype\('(\w+)'\) to dtype\('(\w+)'\)",
        "An operator such as -= cannot put {1} numbers into an array of {2}. Write x = x - …, or begin with x = "
        "x.astype(float).",
    ),
    (
        r"read-only",
        "It writes into an input that belongs to the caller. Make a new array, or work on a copy: x = x.copy().",
    ),
    (
        r"'(?:numpy\.)?(\w+)' object is not callable",
        "Round brackets call a function, and a {0} is none. Index with [ ]; between a number and a bracket write "
        "*. Or has a name of a function been given to a value?",
    ),
    (
        r"(?:method|'function|'builtin_function_or_method|'type').*(?:not subscriptable|object is not iterable)|"
        r"for [-+*/<>=]+: '(?:method|function|builtin_function_or_method)'",
        "A function stands there instead of its result: the brackets of a call are missing, as in x.sum().",
    ),
    (
        r"cannot reshape array of size (\d+) into shape|shape '.*' is invalid for input of size (\d+)",
        "reshape keeps the number of entries, and the new shape has another. Multiply its lengths; one of them "
        "may be -1, which is worked out.",
    ),
    (
        r"takes (?:from )?(\d+)(?: to \d+)? positional arguments? but (\d+) (?:was|were) given",
        "It was called with more arguments than its `def` line has. Is `self` missing in a method, or has the "
        "stub's line been changed?",
    ),
    (
        r"missing (\d+) required (?:positional|keyword-only) arguments?: (.+)",
        "A call leaves out {1}. Compare it with the `def` line; a method is called on an object, model.step(), "
        "not on its class.",
    ),
    (
        r"got an unexpected keyword argument '(\w+)'",
        "There is no argument {0} in the `def` line. Keep the stub's names.",
    ),
    (
        r"(?:too many|not enough) values to unpack",
        "The names left of = or in `for` must be as many as the values that come. Print one item first: is it a pair?",
    ),
    (
        r"object has no attribute 'append'",
        "Arrays have no append. Collect in a list, then np.array(list), or fill an array that has been made large"
        " enough.",
    ),
    (
        r"'(list|tuple|float|int)' object has no attribute '(\w+)'",
        "A value of type {0} has no .{1}; arrays have. Turn it into an array first: np.asarray(value).",
    ),
    (
        r"maximum recursion depth",
        "A function calls itself without end. Where does it stop, and does each call bring it nearer to that?",
    ),
    (
        r"UnboundLocalError|referenced before assignment|is not associated with a value",
        "A name is read before it has a value: it is set only in a branch or loop that did not run, or further down.",
    ),
    (
        r"element 0 of tensors does not require grad",
        "The loss does not depend on a tensor that records gradients: was it computed under torch.no_grad(), or "
        "through .item(), .numpy() or a new torch.tensor(…)?",
    ),
    (
        r"grad can be implicitly created only for scalar",
        "backward() starts from one number. Take the mean or the sum of the losses first.",
    ),
    (
        r"leaf Variable that requires grad is being used in an in-place",
        "A parameter may be changed in place only where no gradient is recorded: put the step under `with "
        "torch.no_grad():`.",
    ),
    (
        r"backward through the graph a second time",
        "backward() was called twice on one computation. Compute the loss anew in each step.",
    ),
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        "Take the tensor out of the graph first: t.detach().numpy().",
    ),
    (
        r"expected scalar type (\w+) but found (\w+)|same dtype",
        "Two tensors have different dtypes. Class labels are whole numbers, y.long(); inputs and weights are "
        "float32, x.float().",
    ),
    (
        r"name '(nn|torch|np|plt|math|F)' is not defined",
        "{0} is not imported here. Run the notebook's first code cell again; torch.nn is there wherever torch is.",
    ),
    (
        r"name '(\w+)' is not defined",
        "{0} has no value here. Is it spelled as where it is set, and is that inside this function or in a cell above?",
    ),
    (
        r"can't multiply sequence by non-int",
        "A list or tuple was multiplied by a number. Turn it into an array, or go through its items one by one.",
    ),
    (
        r"ZeroDivisionError",
        "The divisor is 0 for this input. Does a counter start at 0 where 1 is meant, as in 1 - beta**t? Else avoid "
        "the division, or handle 0 on its own.",
    ),
)


def explained(kind: str, text: str) -> str:
    """Say in plain words what an error means and what to write; nothing if it is none of the commonest.

    Args:
        kind: The exception's class name.
        text: Its text.
    """
    line = f"{kind}: {text}"
    for pattern, words in _EXPLANATIONS:
        if match := re.search(pattern, line):
            return words.format(*((group or "").replace(",", ", ").strip() for group in match.groups()))
    return ""
