"""The command line: each verb forwards to one function, and prints what that function returns."""

from __future__ import annotations

import argparse
import atexit
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursekit import __version__
from coursekit.errors import CourseError, CoursekitError
from coursekit.text import printable

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        argv: The arguments after the program's name; those of the process unless given.

    Returns:
        0 when all is well, 1 when a check found something, 2 when the request could not be carried out, 130 when it was
        interrupted.
    """
    # At the end the collector would look through all that was imported: with nbgrader, a quarter of a second.
    atexit.register(gc.freeze)
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except CoursekitError as error:
        message = printable(_authored(str(error)), keep="\n")
        print(f"coursekit: {message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("coursekit: interrupted; what was finished is kept", file=sys.stderr)
        return 130


def _authored(text: str) -> str:
    """Lead from lines of built checks to their authors' lines, where the labs' sources are at hand."""
    if not Path("labs").is_dir() or not ("hidden/" in text or "coursekit/checks/" in text):
        return text
    try:
        from coursekit.authoring.lines import authored
    except ImportError:  # what builds labs comes with the grade extra
        return text
    return authored(text, Path.cwd())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursekit", description=__doc__)
    parser.add_argument("--version", action="version", version=f"coursekit {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    build = verbs.add_parser("build", help="build notebooks and checks from the labs' sources")
    build.add_argument("labs", nargs="*", metavar="LAB", help="a lab, such as 01_softmax; all labs unless given")
    build.add_argument("--check", action="store_true", help="write nothing; exit 1 if a built file is not up to date")
    build.add_argument("--root", type=Path, default=Path(), help="the folder with labs/ (default: this one)")
    build.set_defaults(run=_build)

    bundle = verbs.add_parser(
        "bundle",
        help="put what students may have into a folder and a zip, or a lab's grader into one for Gradescope",
        description="Write DEST and DEST.zip with exactly what students may have: the notebooks, the package with the"
        " visible checks, a README, an environment. Publish the folder, and the course can stay private. With --for"
        " gradescope LAB, write the zip that Gradescope's Configure Autograder page takes: it holds hidden checks, and"
        " is for nobody else.",
        epilog="An earlier bundle in DEST is brought up to date; files of yours in it, such as .git, stay.",
    )
    bundle.add_argument("dest", metavar="DEST|LAB", help="a new or empty folder, or an earlier bundle; or a lab")
    bundle.add_argument("--for", dest="system", choices=("gradescope",), help="write a grader for this system")
    bundle.add_argument(
        "--output", type=Path, metavar="FILE", help="with --for: the zip to write (default: autograder.zip)"
    )
    _add_course(bundle)
    bundle.add_argument("--root", type=Path, default=Path(), help="the folder with labs/ (default: this one)")
    bundle.set_defaults(run=_bundle)

    new = verbs.add_parser(
        "new",
        help="write the skeleton of a new exercise",
        description="Add the skeleton of an exercise to a lab, as its last one: cells, points, checks, and answers that"
        " test the checks. It builds and passes its tests at once; what is to be replaced is marked TODO.",
        epilog="A lab that does not exist yet, such as 06_rnn, is begun, if no other lab has its number.",
    )
    new.add_argument("exercise", metavar="EXERCISE", help="the name of the function to be written, such as leaky_relu")
    new.add_argument("--lab", required=True, metavar="LAB", help="a lab, such as 03_mlp")
    new.add_argument("--root", type=Path, default=Path(), help="the folder with labs/ (default: this one)")
    new.set_defaults(run=_new)

    grade = verbs.add_parser("grade", help="grade a class's submissions to a lab")
    grade.add_argument("lab", metavar="LAB", help="a lab, such as 01_softmax")
    _add_course(grade)
    grade.add_argument("--student", metavar="ID", help="grade this student only")
    grade.add_argument("--jobs", type=int, metavar="N", help="submissions to run at once (default: one for each core)")
    grade.add_argument(
        "--executor", metavar="ADDRESS", help="a Dask scheduler to run submissions on, such as tls://host:8786"
    )
    grade.add_argument(
        "--trust-network",
        action="store_true",
        help="with --executor: take a scheduler that does not encrypt, such as tcp://host:8786; whoever reaches it can"
        " read hidden checks and students' work, and run code as you",
    )
    grade.add_argument("--json", type=Path, metavar="FILE", help="write one record per submission to this file")
    grade.add_argument("--regrade", action="store_true", help="grade again what has not changed")
    grade.add_argument(
        "--dry-run", action="store_true", help="with --regrade: say whose score would change and why; write nothing"
    )
    grade.add_argument(
        "--sandbox",
        choices=("bubblewrap", "user", "none"),
        help="what confines students' code (default: bubblewrap); user: that it runs as a user of its own, where root"
        " grades in a container; none: nothing does, if you trust the students",
    )
    grade.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="what one submission may use: " + _limits_in_words(),
    )
    grade.set_defaults(run=_grade)

    report = verbs.add_parser(
        "report",
        help="write a page that shows how a class did in a lab, or in several",
        description="Write one HTML page about a lab that has been graded: scores, who needs a human look, exercises,"
        " checks, students. It names students, and hidden checks with their hints: it is for instructors. Of several"
        " labs, write one page about all of them: everybody's points, and who may be losing touch.",
    )
    report.add_argument(
        "labs", metavar="LAB", nargs="+", help="a lab, such as 01_softmax, or several, in the order of the term"
    )
    _add_course(report)
    report.add_argument(
        "--similar", action="store_true", help="list submissions whose answers are alike, too, side by side"
    )
    report.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the page to write (default: DIR/reports/LAB.html; of several labs DIR/reports/term.html)",
    )
    report.set_defaults(run=_report)

    feedback = verbs.add_parser(
        "feedback",
        help="write each student's page of feedback",
        description="Write DIR/feedback/STUDENT/LAB/LAB.html for everybody who has been graded: points, what to look at"
        " first, and the notebook with its checks. Pages that are there are written anew.",
    )
    feedback.add_argument("lab", metavar="LAB", help="a lab, such as 01_softmax")
    _add_course(feedback)
    feedback.add_argument("--student", metavar="ID", help="write this student's page only")
    feedback.add_argument(
        "--jobs", type=int, metavar="N", help="processes to make pages in, at most (default: one for each core)"
    )
    feedback.set_defaults(run=_feedback)

    collect = verbs.add_parser(
        "collect",
        help="put a download from Canvas, Moodle or another system into the submissions",
        description="Put what a class handed in into DIR/submitted/STUDENT/LAB. Downloads of Canvas, Moodle,"
        " Gradescope, GitHub Classroom, Brightspace and Blackboard are known by how their files are named, as zips or"
        " unpacked; for any other give --pattern. Everybody in the download or the roster gets a row.",
        epilog="A roster is Canvas's gradebook (Grades > Export), the grading worksheet of the assignment in Moodle (in"
        " any language), or any CSV with a column of ids (such as login, username, student id, email) and one of names"
        " (name, or first name and last name).",
    )
    collect.add_argument("lab", metavar="LAB", help="a lab, such as 01_softmax")
    collect.add_argument("file", type=Path, metavar="FILE.zip|FOLDER", help="the download, as it came, or a folder")
    _add_course(collect)
    collect.add_argument(
        "--roster", type=Path, metavar="CSV", help="who is in the class, for logins and names in place of numbers"
    )
    collect.add_argument(
        "--groups",
        type=Path,
        metavar="CSV",
        help="who is in which group: what Canvas exports (People > Groups), or the columns group and student",
    )
    collect.add_argument(
        "--pattern",
        metavar="TEXT",
        help="how paths tell whose they are, such as '{student}/{file}'; {student} is an id, {name} a name, {file} what"
        " is left of the path, * any text",
    )
    collect.add_argument("--dry-run", action="store_true", help="say who would be taken for whom; write nothing")
    collect.set_defaults(run=_collect)

    export = verbs.add_parser("export", help="write a lab's grades, or feedback, for Canvas, Moodle or Gradescope")
    export.add_argument("lab", metavar="LAB", help="a lab, such as 01_softmax")
    export.add_argument("--to", required=True, choices=("canvas", "moodle", "gradescope"), help="for which system")
    _add_course(export)
    export.add_argument(
        "--template", type=Path, metavar="CSV", help="Canvas's gradebook or Moodle's grading worksheet, to be filled in"
    )
    export.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE|DIR",
        help="the CSV file to write; for Gradescope the folder for STUDENT/results.json; with --feedback the zip",
    )
    export.add_argument(
        "--feedback",
        action="store_true",
        help="write the pages of feedback instead, as a zip that Canvas (Upload submissions) or Moodle (Upload multiple"
        " feedback files in a zip) takes back",
    )
    export.set_defaults(run=_export)

    demo = verbs.add_parser("demo", help="invent a class from right and wrong answers, and grade it")
    demo.add_argument("--folder", type=Path, default=Path("demo"), help="where to put the class (default: demo)")
    demo.add_argument("--lab", default="01_softmax", metavar="LAB", help="the lab to hand in (default: 01_softmax)")
    demo.add_argument(
        "--root", type=Path, default=Path(), help="the folder with labs/, solutions/ and autograde/ (default: this one)"
    )
    demo.set_defaults(run=_demo)

    mutants = verbs.add_parser(
        "mutants", help="change the reference answers one place at a time; do the checks notice?"
    )
    mutants.add_argument(
        "labs",
        nargs="*",
        metavar="LAB",
        help="a lab, such as 01_softmax, or one exercise, 01_softmax/softmax; all labs unless given",
    )
    mutants.add_argument(
        "--root", type=Path, default=Path(), help="the folder with labs/, solutions/ and autograde/ (default: this one)"
    )
    mutants.set_defaults(run=_mutants)

    doctor = verbs.add_parser(
        "doctor",
        help="look whether the labs can be worked through here, and graded safely",
        description="Look whether the labs can be worked through on this machine, and graded safely, and say what to do"
        " where they cannot. It takes some ten seconds.",
        epilog="Exit status: 1 if a line is marked 'no', else 0. The sandbox and what else grading needs are looked at"
        " where nbgrader is installed. '--' marks what is optional, or not needed here.",
    )
    doctor.set_defaults(run=_doctor)

    bench = verbs.add_parser(
        "bench",
        help="measure how fast this machine multiplies matrices",
        description="Measure C = C + A·B over sizes N in every precision and backend of a device, then axpy, gemv,"
        " memory and, on a GPU, the way there and back. Each line is a median; FLOP are counted as 2·N³.",
        epilog="What is printed last is the highest rate of each curve. Lab 05 explains all of it.",
    )
    bench.add_argument("what", choices=("gemm",), help="what to measure")
    bench.add_argument("--device", choices=("cpu", "cuda"), help="where (default: a GPU where there is one)")
    bench.add_argument(
        "--sizes",
        type=_sizes,
        default=(),
        metavar="N,N,…",
        help="values of N (default: from 64 up, to suit the device)",
    )
    bench.add_argument(
        "--precision",
        action="append",
        default=[],
        metavar="NAME",
        help="float64, float32, bfloat16; on a GPU tf32 and float16 too; may be repeated (default: all it has)",
    )
    bench.add_argument(
        "--seconds", type=float, default=0.5, metavar="S", help="about how long to repeat each size (default: 0.5)"
    )
    bench.add_argument(
        "--json", type=Path, metavar="FILE", help="write machine, versions, date and raw samples to this"
    )
    bench.set_defaults(run=_bench)
    return parser


def _add_course(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--course",
        type=Path,
        default=Path("autograde"),
        metavar="DIR",
        help="the folder with nbgrader_config.py (default: autograde)",
    )


def _sizes(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"sizes are whole numbers with commas, such as 256,512; got {text!r}"
        ) from None


def _limits_in_words() -> str:
    """List the limits with their defaults."""
    from coursekit.grading.limits import Limits

    return ", ".join(f"{name} ({value:g})" for name, value in Limits().as_dict().items())


def _build(options: argparse.Namespace) -> int:
    from coursekit.authoring import build_labs

    report = build_labs(options.root, labs=options.labs, check=options.check)
    print(report.text())
    return 1 if report.problems else 0


def _bundle(options: argparse.Namespace) -> int:
    from coursekit.authoring import write_autograder, write_bundle

    if options.system is None:
        if options.output is not None:
            raise CourseError("--output names the zip of --for gradescope LAB; a bundle is written to DEST.")
        print(write_bundle(Path(options.dest), root=options.root).text())
        return 0
    from coursekit.grading import Course

    course = Course(options.course)
    file = options.output or Path("autograder.zip")
    settings = dict(course.config.GradingStep)
    n_files = write_autograder(options.dest, file, root=options.root, settings=settings, secret=course.secret())
    print(
        f"wrote {file}: {n_files} files, hidden checks among them. It is for Gradescope alone: Configure Autograder ->"
        " Zip file upload -> Update Autograder."
    )
    return 0


def _new(options: argparse.Namespace) -> int:
    from coursekit.authoring import write_skeleton

    print(write_skeleton(options.exercise, lab=options.lab, root=options.root).text())
    return 0


def _grade(options: argparse.Namespace) -> int:
    from coursekit.grading import grade
    from coursekit.grading.dry_run import changes_text
    from coursekit.grading.limits import Limits
    from coursekit.grading.table import progress_line, table

    graded = grade(
        options.lab,
        course=options.course,
        student=options.student,
        jobs=options.jobs,
        executor=options.executor,
        trust_network=options.trust_network,
        regrade=options.regrade,
        dry_run=options.dry_run,
        sandbox=options.sandbox,
        limits=Limits.parse(options.limit),
        progress=progress_line(sys.stderr),
    )
    if options.json is not None:
        entries = graded.changes if options.dry_run else graded.records
        records = [entry.as_json() for entry in entries]
        _write_json(options.json, records)
    print(changes_text(graded.changes) if options.dry_run else table(graded.records, graded.names))
    for note in graded.notes:
        print(f"note: {printable(note)}")
    if graded.kept:
        print(f"note: {graded.kept} unchanged since the last run and kept; --regrade grades them again")
    return 0


def _write_json(file: Path, records: list[dict[str, Any]]) -> None:
    # Not replaced as other files are: this one may be a device or a pipe, such as /dev/stdout.
    try:
        file.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CourseError(
            f"The records cannot be written to {str(file)!r}: {error.strerror}. What was graded is kept: name another"
            " file with --json and run again."
        ) from error


def _report(options: argparse.Namespace) -> int:
    from coursekit.report import write_report, write_term_report

    labs = options.labs
    if len(labs) > 1 and options.similar:
        raise CourseError(f"--similar looks at one lab; got {len(labs)}: {', '.join(labs)}. Name one of them.")
    if len(labs) > 1:
        print(write_term_report(labs, course=options.course, output=options.output))
    else:
        print(write_report(labs[0], course=options.course, similar=options.similar, output=options.output))
    return 0


def _feedback(options: argparse.Namespace) -> int:
    from coursekit.feedback import write_feedback

    written = write_feedback(options.lab, course=options.course, student=options.student, jobs=options.jobs)
    print(written.text())
    return 0


def _collect(options: argparse.Namespace) -> int:
    from coursekit.lms import collect
    from coursekit.lms.table import table

    collection = collect(
        options.lab,
        options.file,
        course=options.course,
        roster=options.roster,
        groups=options.groups,
        pattern=options.pattern,
        dry_run=options.dry_run,
    )
    print(table(collection))
    return 0


def _export(options: argparse.Namespace) -> int:
    from coursekit.lms import export_feedback, export_grades
    from coursekit.lms.table import summary

    write = export_feedback if options.feedback else export_grades
    exported = write(
        options.lab, to=options.to, course=options.course, template=options.template, output=options.output
    )
    print(summary(exported))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from coursekit.demo import run_demo

    return 0 if run_demo(options.folder, lab=options.lab, root=options.root, say=print) else 1


def _mutants(options: argparse.Namespace) -> int:
    from coursekit.mutants import run_mutants

    return 0 if run_mutants(options.root, labs=options.labs, say=print) else 1


def _doctor(options: argparse.Namespace) -> int:
    from coursekit.doctor import examine, healthy, report

    print("Trying things out, which takes some ten seconds ...", file=sys.stderr)
    findings = examine()
    print(report(findings))
    return 0 if healthy(findings) else 1


def _bench(options: argparse.Namespace) -> int:
    from coursekit.bench import bench_gemm

    bench_gemm(
        device=options.device,
        sizes=options.sizes,
        precisions=options.precision,
        budget_s=options.seconds,
        json_file=options.json,
        say=lambda line: print(line, flush=True),
    )
    return 0
