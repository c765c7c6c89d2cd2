"""Pages of an import: choose, confirm the columns, look, take, see what is left to do."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from takatuf.imports import commands, layouts, queries
from takatuf.imports.enums import RowOutcome, RunStatus
from takatuf.imports.forms import MappingForm, UploadForm
from takatuf.imports.models import ImportRun
from takatuf.imports.reports import write_workbook
from takatuf.imports.sentences import TURN_THE_SHEET
from takatuf.kernel.asked import row_key
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.rate_limits import limit

UPLOADS_AN_HOUR = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _run(request: HttpRequest, number: int) -> ImportRun:
    """The run, if the person may import for its body; else it does not exist for them."""
    run = queries.run_visible_to(request.user, number, at=timezone.now())
    if run is None:
        raise Http404
    return run


def _usable(request: HttpRequest) -> queries.Usable:
    """What the person may import, which must be something."""
    usable = queries.usable_importers(request.user, at=timezone.now())
    if not usable:
        raise NotAllowed(
            _("Importing is for the staff of bodies and teams. Ask your body's manager for it.")
        )
    return usable


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    read = queries.kinds_read_by(request.user, at=timezone.now())
    usable = [] if read else _usable(request)
    usable = usable or queries.usable_importers(request.user, at=timezone.now())
    kinds = [importer for importer, _bodies in usable]
    context = {"kinds": kinds, "runs": queries.listed(usable, kinds_read=read)}
    return render(request, "imports/home.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    offered = {importer.kind: (importer, bodies) for importer, bodies in _usable(request)}
    if kind not in offered:
        raise Http404
    importer, bodies = offered[kind]
    form = UploadForm(request.POST or None, request.FILES or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        limit(f"import:{request.user.pk}", count=UPLOADS_AN_HOUR, per_seconds=3600)
        body, title = form.acting_body()
        try:
            run = commands.upload(
                kind=kind, file=form.cleaned_data["file"], acting_body=body, body_title=title,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return redirect("imports:columns", run.pk)
        except DomainError as refusal:
            form.add_error(refusal.field, str(refusal))
    context = {"importer": importer, "form": form, "days": settings.IMPORT_FILE_DAYS}
    return render(request, "imports/upload.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, number: int) -> HttpResponse:
    run = _run(request, number)
    if run.status not in (RunStatus.UPLOADED, RunStatus.PREVIEWED):
        return redirect("imports:run", run.pk)
    typed = request.POST if request.method == "POST" else request.GET
    found = commands.with_headers(run, _headers(typed))
    form = MappingForm(request.POST or None, importer=queries.importer_of(run), found=found)
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_mapping(
                run=run, layout=form.result(), by=request.user, at=timezone.now()
            )
            return redirect("imports:run", run.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "run": run, "importer": queries.importer_of(run), "form": form,
        "turning": TURN_THE_SHEET,
    }  # fmt: skip
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


def _headers(typed) -> dict[int, int]:
    """``header_0=3``: the header of the first sheet is on line 3."""
    named = (
        (row_key(name.removeprefix("header_")), row_key(line)) for name, line in typed.items()
    )
    return {sheet: line for sheet, line in named if sheet is not None and line is not None}


@login_required
@require_GET
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Where the import stands: being worked on, to be looked at, or over."""
    at = timezone.now()
    row = queries.run_readable_by(request.user, number, at=at)
    if row is None:
        raise Http404
    works = queries.run_visible_to(request.user, number, at=at) is not None
    if works and row.status == RunStatus.UPLOADED:
        return redirect("imports:columns", row.pk)
    if works and row.is_working:
        return render(request, "imports/working.html", _progress(row))
    outcome = request.GET.get("show", "")
    if outcome and outcome not in RowOutcome.values:
        raise Http404
    preview = works and row.status == RunStatus.PREVIEWED
    context = _standing(row) | _kept_rows(row, outcome, request.GET.get("after", "0"))
    context["works"] = works
    return render(request, f"imports/{'preview' if preview else 'result'}.html", context)


def _standing(row: ImportRun) -> dict:
    fields, found = queries.headings(row), layouts.load(row.layout)
    return {
        "run": row,
        "importer": queries.importer_of(row),
        "fields": fields,
        "sample": queries.sample_lines(row, fields),
        "left_out": layouts.left_out(found),
        "unread_sheets": layouts.unread(found),
        "figures": layouts.figures(found),
    }


def _kept_rows(row: ImportRun, outcome: str, after: str) -> dict:
    counts, waiting, first = queries.row_counts(row)
    outcome = outcome or next((one for one in RowOutcome.values if counts.get(one)), "")
    rows, more = queries.rows_page(row, outcome, after=row_key(after) or 0)
    return {
        "outcome": outcome,
        "tabs": _tabs(counts, outcome),
        "waiting": waiting,
        "first_waiting": first,
        "rows": queries.with_sheet_names(row, rows),
        "more": more,
        "more_url": f"?show={outcome}&after={more}",
    }


def _tabs(counts: dict[str, int], outcome: str) -> list[dict]:
    return [
        {"text": text, "href": f"?show={value}", "current": value == outcome,
         "count": counts.get(value, 0)}
        for value, text in (
            (RowOutcome.BAD, _("To mend")),
            (RowOutcome.DUPLICATE, _("Perhaps there already")),
            (RowOutcome.REMARK, _("With a remark")),
        )
        if counts.get(value) or value == outcome
    ]  # fmt: skip


def _progress(row: ImportRun) -> dict:
    importer = queries.importer_of(row)
    return {
        "run": row,
        "importer": importer,
        "seconds_left": queries.seconds_left(row, at=timezone.now()),
    }


@login_required
@require_GET
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The moving part of the page, asked for every two seconds."""
    row = _run(request, number)
    answer = render(request, "imports/working.html#progress", _progress(row))
    if not row.is_working:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    row = _run(request, number)
    commands.start(run=row, by=request.user, at=timezone.now())
    return redirect("imports:run", row.pk)


@login_required
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    row = _run(request, number)
    commands.cancel(run=row, by=request.user, at=timezone.now())
    return redirect("imports:run", row.pk)


@login_required
@require_GET
def download(request: HttpRequest, number: int, outcome: str) -> FileResponse:
    """The rows of one outcome in the file's own layout, with a column of reasons."""
    row = _run(request, number)
    if outcome not in (RowOutcome.BAD, RowOutcome.DUPLICATE):
        raise Http404
    commands.require_files(row)
    name = f"takatuf-{row.kind}-{row.pk}-{outcome}.xlsx"
    answer = FileResponse(
        write_workbook(row, outcome), as_attachment=True, filename=name, content_type=XLSX
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, number: int, row_number: int) -> HttpResponse:
    row = _run(request, number)
    found = queries.duplicate_of(row, row_number)
    if found is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        decision, _dash, candidate = request.POST.get("answer", "").partition("-")
        try:
            commands.decide_duplicate(
                run=row, number=found.pk, decision=decision, by=request.user, at=timezone.now(),
                candidate=row_key(candidate) or 0,
            )  # fmt: skip
            return _next_duplicate(request, row)
        except DomainError as problem:
            refusal = problem
    commands.require_files(row)
    candidates, lines = queries.side_by_side(row, found)
    layout = layouts.load(row.layout)[found.sheet]
    context = {
        "run": row, "row": found, "candidates": candidates, "lines": lines, "refusal": refusal,
        "sheet": layout.name, "cell": layouts.cell_name(layout, found.line, found.column),
        "waiting": queries.open_duplicates(row).count(),
    }  # fmt: skip
    return render(request, "imports/duplicate.html", context, status=409 if refusal else 200)


def _next_duplicate(request: HttpRequest, row: ImportRun) -> HttpResponse:
    following = queries.open_duplicates(row).first()
    if following:
        messages.success(request, _("Noted. Here is the next one."))
        return redirect("imports:duplicate", row.pk, following.pk)
    messages.success(request, _("Every duplicate is decided."))
    return redirect("imports:run", row.pk)
