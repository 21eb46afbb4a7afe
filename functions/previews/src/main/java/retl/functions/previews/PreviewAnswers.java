package retl.functions.previews;

import java.util.List;
import retl.api.Request;
import retl.api.Response;
import retl.api.json.PreviewJson;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.preview.Preview;
import retl.core.preview.Previews;

/** A preview as an answer, with the page of rows that the call asks for. */
final class PreviewAnswers {
  private static final int DEFAULT_PAGE_SIZE = 10;
  private static final int MAX_PAGE_SIZE = 100;
  private static final int MAX_PAGE = 1_000_000;

  // Lambda answers at most 6 MB, in which the body stands as a JSON text: its quotes and
  // backslashes count twice.
  private static final int MAX_ESCAPED_BYTES = 5_000_000;

  private final Previews previews;

  PreviewAnswers(Previews previews) {
    this.previews = previews;
  }

  // This call cannot ask for a page size, so its page is as small as it must be.
  Response started(Request request, Preview preview) {
    List<String> rows = previews.rows(request.caller(), preview, 0, DEFAULT_PAGE_SIZE);
    int fitting = fitting(rows);
    PreviewJson.RowPage page =
        fitting == rows.size()
            ? new PreviewJson.RowPage(1, DEFAULT_PAGE_SIZE, rows)
            : new PreviewJson.RowPage(1, fitting, rows.subList(0, fitting));
    return Response.job(
        "/previews/" + preview.id(),
        preview.status().isOver(),
        json -> PreviewJson.write(json, preview, page));
  }

  /** A preview without its rows, which may not be there yet. */
  static Response accepted(Preview preview) {
    PreviewJson.RowPage none = new PreviewJson.RowPage(1, DEFAULT_PAGE_SIZE, List.of());
    return Response.job(
        "/previews/" + preview.id(), false, json -> PreviewJson.write(json, preview, none));
  }

  /** Which page of rows the call asks for; checked before anything is waited for. */
  static Wanted wanted(Request request) {
    return new Wanted(
        request.number("page", 1, MAX_PAGE, 1),
        request.number("pageSize", 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE));
  }

  Response read(Request request, Preview preview, Wanted wanted) {
    PreviewJson.RowPage page = page(request, preview, wanted.page(), wanted.pageSize());
    return Response.ok(json -> PreviewJson.write(json, preview, page)).withContentTag();
  }

  private PreviewJson.RowPage page(Request request, Preview preview, int page, int pageSize) {
    List<String> rows = previews.rows(request.caller(), preview, (page - 1) * pageSize, pageSize);
    if (fitting(rows) < rows.size()) {
      throw new Refused(
          new Problem.InvalidParameter(
              "pageSize", "These rows are too large for one answer: ask for fewer at a time."));
    }
    return new PreviewJson.RowPage(page, pageSize, rows);
  }

  /** How many of the rows fit into one answer. */
  static int fitting(List<String> rows) {
    long bytes = 0;
    for (int i = 0; i < rows.size(); i++) {
      bytes += escapedBytes(rows.get(i));
      if (bytes > MAX_ESCAPED_BYTES) {
        return i;
      }
    }
    return rows.size();
  }

  private static long escapedBytes(String row) {
    long bytes = 0;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      bytes += c == '"' || c == '\\' || (c >= 0x80 && c < 0x800) ? 2 : c < 0x80 ? 1 : 3;
    }
    return bytes;
  }

  /** A page, counted from 1, and how many rows it has. */
  record Wanted(int page, int pageSize) {}
}
