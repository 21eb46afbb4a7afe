package retl.aws;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * A preview's rows, in gzip, in as many items as they need. A chunk holds some rows; one that is
 * still too large for an item, because a single row can be, is cut into parts.
 */
final class RowChunks {
  // An item has at most 400 KB; the rest is left for the key and the time.
  private static final int MAX_PART = 380 * 1024;
  private static final int RAW_CHUNK = 256 * 1024;
  private static final String BYTES = "bytes";

  private final Table table;

  RowChunks(Table table) {
    this.table = table;
  }

  /** The rows in gzip; empty when they would take more than this many bytes. */
  static Optional<byte[]> pack(List<String> rows, int most) {
    // So that a large result is not compressed twice.
    return rows.stream().mapToLong(String::length).sum() > 20L * most
        ? Optional.empty()
        : Optional.of(gzip(rows)).filter(bytes -> bytes.length <= most);
  }

  /** The rows that were {@linkplain #pack packed}. */
  static List<String> unpack(byte[] bytes) {
    return gunzip(bytes);
  }

  /**
   * Writes the rows, and gives the number of the first row of each chunk, from 0.
   *
   * @param place what the sort keys of the chunks begin with; each place is written once
   */
  List<Integer> write(String workspace, String place, Instant expiresAt, List<String> rows) {
    List<Integer> firstRows = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int to = endOfChunk(rows, from);
      putChunk(workspace, place, expiresAt, from, gzip(rows.subList(from, to)));
      firstRows.add(from);
      from = to;
    }
    return firstRows;
  }

  private static int endOfChunk(List<String> rows, int from) {
    int to = from;
    int size = 0;
    while (to < rows.size() && (to == from || size + rows.get(to).length() <= RAW_CHUNK)) {
      size += rows.get(to).length();
      to++;
    }
    return to;
  }

  private void putChunk(
      String workspace, String place, Instant expiresAt, int firstRow, byte[] bytes) {
    for (int start = 0; start < bytes.length; start += MAX_PART) {
      byte[] part = Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + MAX_PART));
      Item item = Item.empty().bytes(BYTES, part).expires(expiresAt);
      item.attributes()
          .putAll(
              Table.key(
                  workspace, chunkKey(place, firstRow) + "#" + Table.ordered(start / MAX_PART, 6)));
      table.dynamo().putItem(put -> put.tableName(table.name()).item(item.attributes()));
    }
  }

  /** The rows from {@code from} on, counted from 0. */
  List<String> read(String workspace, String place, List<Integer> firstRows, int from, int count) {
    List<Integer> wanted = chunksWith(firstRows, from, count);
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<String> rows = rows(workspace, place, wanted.getFirst(), wanted.getLast());
    int start = Math.min(rows.size(), from - wanted.getFirst());
    return rows.subList(start, Math.min(rows.size(), start + count));
  }

  private static List<Integer> chunksWith(List<Integer> firstRows, int from, int count) {
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; i < firstRows.size(); i++) {
      boolean endsBefore = i + 1 < firstRows.size() && firstRows.get(i + 1) <= from;
      boolean beginsBehind = firstRows.get(i) >= from + count;
      if (!endsBefore && !beginsBehind) {
        wanted.add(firstRows.get(i));
      }
    }
    return wanted;
  }

  private List<String> rows(String workspace, String place, int firstChunk, int lastChunk) {
    List<String> rows = new ArrayList<>();
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    String chunkKey = "";
    for (Item part : parts(workspace, place, firstChunk, lastChunk)) {
      String key = part.text(Table.SK);
      String its = key.substring(0, key.lastIndexOf('#'));
      if (!its.equals(chunkKey)) {
        rows.addAll(gunzip(chunk.toByteArray()));
        chunk.reset();
        chunkKey = its;
      }
      chunk.writeBytes(part.bytes(BYTES));
    }
    rows.addAll(gunzip(chunk.toByteArray()));
    return rows;
  }

  private List<Item> parts(String workspace, String place, int firstChunk, int lastChunk) {
    List<Item> parts = new ArrayList<>();
    Map<String, AttributeValue> start = Map.of();
    do {
      Map<String, AttributeValue> from = start;
      QueryResponse page =
          table
              .dynamo()
              .query(
                  query -> {
                    query
                        .tableName(table.name())
                        .consistentRead(true)
                        .keyConditionExpression("PK = :pk AND SK BETWEEN :first AND :last")
                        .expressionAttributeValues(
                            Map.of(
                                ":pk",
                                AttributeValue.fromS("WS#" + workspace),
                                ":first",
                                AttributeValue.fromS(chunkKey(place, firstChunk)),
                                ":last",
                                AttributeValue.fromS(chunkKey(place, lastChunk) + "#~")));
                    if (!from.isEmpty()) {
                      query.exclusiveStartKey(from);
                    }
                  });
      page.items().forEach(item -> parts.add(Item.of(item)));
      start = page.lastEvaluatedKey();
    } while (!start.isEmpty());
    return parts;
  }

  private static String chunkKey(String place, int firstRow) {
    return place + "#" + Table.ordered(firstRow, 6);
  }

  // Rows have no line breaks of their own, so a line is a row.
  private static byte[] gzip(List<String> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(String.join("\n", rows).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail.", e);
    }
    return bytes.toByteArray();
  }

  private static List<String> gunzip(byte[] bytes) {
    if (bytes.length == 0) {
      return List.of();
    }
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return List.of(new String(gzip.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1));
    } catch (IOException e) {
      throw new UncheckedIOException("A chunk of rows is damaged.", e);
    }
  }
}
