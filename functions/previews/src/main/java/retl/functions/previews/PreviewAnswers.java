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

  Response started(Request request, Preview preview) {
    PreviewJson.RowPage page = page(request, preview, 1, DEFAULT_PAGE_SIZE);
    return Response.job(
        "/previews/" + preview.id(),
        preview.status().isOver(),
        json -> PreviewJson.write(json, preview, page));
  }

  static Response queued(Preview preview) {
    PreviewJson.RowPage none = new PreviewJson.RowPage(1, DEFAULT_PAGE_SIZE, List.of());
    return Response.job(
        "/previews/" + preview.id(), false, json -> PreviewJson.write(json, preview, none));
  }

  Response read(Request request, Preview preview) {
    PreviewJson.RowPage page =
        page(
            request,
            preview,
            request.number("page", 1, MAX_PAGE, 1),
            request.number("pageSize", 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE));
    return Response.ok(json -> PreviewJson.write(json, preview, page)).withContentTag();
  }

  private PreviewJson.RowPage page(Request request, Preview preview, int page, int pageSize) {
    List<String> rows = previews.rows(request.caller(), preview, (page - 1) * pageSize, pageSize);
    long bytes = rows.stream().mapToLong(PreviewAnswers::escapedBytes).sum();
    if (bytes > MAX_ESCAPED_BYTES) {
      throw new Refused(
          new Problem.InvalidParameter(
              "pageSize", "These rows are too large for one answer: ask for fewer at a time."));
    }
    return new PreviewJson.RowPage(page, pageSize, rows);
  }

  private static long escapedBytes(String row) {
    long bytes = 0;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      bytes += c == '"' || c == '\\' || (c >= 0x80 && c < 0x800) ? 2 : c < 0x80 ? 1 : 3;
    }
    return bytes;
  }
}
