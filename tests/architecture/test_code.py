"""The architecture as far as a machine can read it in the code; import-linter checks who imports whom."""

import ast

from tests.architecture.source import OPEN_FOLDERS, PACKAGES, ROOT, called_name, modules

PRODUCT = modules(*PACKAGES)
CORE = [module for module in PRODUCT if module.path.startswith("core/")]
WRITER = "core/posting/write.py"
COMMITTER = "core/work.py"
LAST_NETS = {"pipeline/tasks.py", "web/routing.py", "inkoop/__main__.py"}
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
CLOCKS = {"today", "now", "utcnow", "time", "time_ns", "fromtimestamp"}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _ledger_tables() -> set[str]:
    """The tables of entries; registers and counters are where entries get their numbers, not entries."""
    return {
        node.name
        for module in modules("core/ledgers")
        if module.path != "core/ledgers/register.py"
        for _, node in module.places(ast.ClassDef)
        if any(isinstance(base, ast.Name) and base.id == "Base" for base in node.bases)
    }


def _raises_in_turn(handler: ast.ExceptHandler) -> bool:
    """Whether nothing is swallowed: the same exception goes on, or one of ours that says what it means."""
    return isinstance(handler.body[-1], ast.Raise)


def test_imports_stand_at_the_top_of_a_module_never_inside_a_function() -> None:
    inner = {
        f"{module.path}:{node.lineno}"
        for module in modules(*PACKAGES, "migrations", "benchmarks", "tests")
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for _, function in module.places(kind)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inner == set()


def test_only_work_commits() -> None:
    commits = {
        module.path
        for module in PRODUCT
        for _, call in module.places(ast.Call)
        if called_name(call) == "commit"
    }
    assert commits <= {COMMITTER}


def test_only_the_writer_of_posting_makes_entries() -> None:
    tables = _ledger_tables()
    makers = [
        place
        for module in PRODUCT
        if module.path != WRITER
        for place, call in module.places(ast.Call)
        if called_name(call) in tables
        or (called_name(call) in {"add", "add_all", "insert", "bulk_save_objects"} and _names(call) & tables)
    ]
    assert makers == []


def test_the_core_knows_no_float() -> None:
    floats = [place for module in CORE for place, name in module.places(ast.Name) if name.id == "float"] + [
        place
        for module in CORE
        for place, constant in module.places(ast.Constant)
        if isinstance(constant.value, float)
    ]
    assert floats == []


def test_the_core_never_asks_the_clock_or_the_environment() -> None:
    asked = [
        place for module in CORE for place, call in module.places(ast.Call) if called_name(call) in CLOCKS
    ] + [
        place
        for module in CORE
        for place, node in module.places(ast.Attribute)
        if node.attr in {"environ", "getenv"}
    ]
    assert asked == []


def test_exceptions_of_any_kind_are_swallowed_only_where_a_process_would_end() -> None:
    nets = [
        place
        for module in PRODUCT
        if module.path not in LAST_NETS
        for place, handler in module.places(ast.ExceptHandler)
        if (handler.type is None or _names(handler.type) & {"Exception", "BaseException"})
        and not _raises_in_turn(handler)
    ]
    assert nets == []


def test_a_module_is_named_for_its_idea() -> None:
    named_for_nothing = [
        module.path
        for module in modules(*PACKAGES, "migrations", "benchmarks", "tests")
        if EMPTY_WORDS & set(module.path.removesuffix(".py").split("/"))
    ]
    assert named_for_nothing == []


def test_an_init_module_is_empty_except_in_an_open_folder() -> None:
    filled = [
        module.path
        for module in PRODUCT
        if module.path.endswith("/__init__.py")
        and module.tree.body
        and module.path.removesuffix("/__init__.py") not in OPEN_FOLDERS
    ]
    assert filled == []


def test_every_folder_of_python_files_is_a_package() -> None:
    folders = {module.path.rpartition("/")[0] for module in PRODUCT}
    assert [folder for folder in sorted(folders) if not (ROOT / folder / "__init__.py").is_file()] == []


def test_no_test_is_skipped_or_expected_to_fail_and_nothing_of_ours_is_mocked() -> None:
    evasions = [
        place
        for module in modules("tests", "benchmarks")
        for place, node in module.places(ast.Attribute)
        if node.attr in {"skip", "skipif", "xfail", "importorskip"} and _names(node) & {"pytest", "unittest"}
    ] + [
        module.path
        for module in modules("tests")
        for kind in (ast.Import, ast.ImportFrom)
        for _, node in module.places(kind)
        if "mock" in ast.unparse(node).replace(".", " ").split()
    ]
    assert evasions == []
