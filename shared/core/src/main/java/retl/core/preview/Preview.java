package retl.core.preview;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.warehouse.Column;

/**
 * One run of a query, without its rows: for the first of them, or for a check of a key.
 *
 * @param credentialId the credentials that it runs with
 * @param targetVersion of the credentials when it was submitted
 * @param sql the query as it was sent, byte for byte
 * @param wanted what of its result is wanted
 * @param result null until it completed
 * @param failure null unless it failed
 * @param durationMs from the worker's start to the end; null until then
 * @param deadline when the worker must have ended; after it, an unfinished preview counts as failed
 * @param expiresAt from when on it is gone
 */
public record Preview(
    String id,
    Status status,
    String credentialId,
    int targetVersion,
    String sql,
    Wanted wanted,
    @Nullable Result result,
    @Nullable Failure failure,
    @Nullable Long durationMs,
    Instant deadline,
    Instant expiresAt) {

  /** What of the result of a query is wanted. */
  public sealed interface Wanted {

    /** The first rows, at most this many. */
    record Rows(int limit) implements Wanted {}

    /**
     * Whether columns tell the rows apart. The rows are then a few of the keys that stand in
     * several rows.
     *
     * @param modelId whose query it is
     * @param revision of the model when it was submitted
     * @param columns spelled as the warehouse names them in the result, each once
     */
    record Key(String modelId, int revision, List<String> columns) implements Wanted {
      /** How many keys are given that stand in several rows. */
      public static final int MAX_DUPLICATES = 10;

      public Key {
        columns = List.copyOf(columns);
      }
    }
  }

  /** How far it is. */
  public enum Status {
    QUEUED,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELED;

    /** The word in the API and in stored items: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** True when nothing more will happen. */
    public boolean isOver() {
      return this == COMPLETED || this == FAILED || this == CANCELED;
    }
  }

  /**
   * What a completed run gave, beside the rows.
   *
   * @param limited true when the warehouse had more rows than were kept
   * @param truncatedCells how many values were cut because they were too long
   * @param notices what the warehouse, or the service, has to say about the result
   * @param guards which guards held while it ran
   * @param keys null unless a key was checked
   */
  public record Result(
      List<Column> columns,
      int rowCount,
      boolean limited,
      int truncatedCells,
      List<String> notices,
      Set<Guard> guards,
      @Nullable KeyCounts keys) {
    /**
     * How large the columns of a result may be, as {@link #columnsSize} counts. A model keeps them
     * beside its query in an item of DynamoDB, which has at most 400 KB.
     */
    public static final int MAX_COLUMNS_SIZE = 240 * 1024;

    // What a store takes for a column beside its texts.
    private static final int COLUMN_SIZE = 48;

    public Result {
      columns = List.copyOf(columns);
      notices = List.copyOf(notices);
      guards = Collections.unmodifiableSet(copy(guards));
    }

    /** In bytes: the UTF-8 of the names and native types of the columns, and 48 for each column. */
    public long columnsSize() {
      return columns.stream()
          .mapToLong(column -> COLUMN_SIZE + utf8(column.name()) + utf8(column.nativeType()))
          .sum();
    }

    private static long utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    // In the order of the enum, so that the same guards always look the same.
    private static Set<Guard> copy(Set<Guard> guards) {
      Set<Guard> copy = EnumSet.noneOf(Guard.class);
      copy.addAll(guards);
      return copy;
    }
  }

  /**
   * What was counted for a check of a key. The columns are a key when there are as many different
   * keys as rows.
   *
   * @param rows all rows of the query
   * @param distinctKeys the different keys among the rows where no column of the key is null
   * @param nullKeys the rows where one is
   * @param copies in how many rows each of the kept keys stands, in their order
   */
  public record KeyCounts(long rows, long distinctKeys, long nullKeys, List<Long> copies) {
    public KeyCounts {
      copies = List.copyOf(copies);
    }
  }

  /**
   * Why a run failed.
   *
   * @param code a stable snake_case word
   * @param message for a person; the warehouse's own words when they are about the user's query
   * @param at the place in the user's text, when the warehouse named one
   */
  public record Failure(String code, String message, @Nullable Place at) {}

  /** A place in the query's text: line and column from 1, offset from 0, in UTF-16 units. */
  public record Place(int line, int column, int offset) {}

  /** True when nobody may see it any more. */
  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  /**
   * What a reader sees at this time: one whose worker did not end it by its deadline has failed.
   */
  public Preview asOf(Instant now) {
    if (status.isOver() || !now.isAfter(deadline)) {
      return this;
    }
    return failed(
        new Failure(
            "worker_lost",
            "The run did not end in time and nothing is known of it. Run the query again.",
            null),
        null);
  }

  /** The same preview when no worker could be told of it. */
  Preview notStarted() {
    return failed(
        new Failure(
            "not_started",
            "The run could not be started, and nothing was run. Run the query again.",
            null),
        null);
  }

  /** The same preview when its worker has begun. */
  public Preview running() {
    return with(Status.RUNNING, null, null, null);
  }

  /** The same preview with its result. */
  public Preview completed(Result result, long durationMs) {
    return with(Status.COMPLETED, result, null, durationMs);
  }

  /** The same preview with the reason why there is no result. */
  public Preview failed(Failure failure, @Nullable Long durationMs) {
    return with(Status.FAILED, null, failure, durationMs);
  }

  /** The same preview after somebody did not want its rows any more. */
  public Preview canceled(@Nullable Long durationMs) {
    return with(Status.CANCELED, null, null, durationMs);
  }

  private Preview with(
      Status status,
      @Nullable Result result,
      @Nullable Failure failure,
      @Nullable Long durationMs) {
    return new Preview(
        id,
        status,
        credentialId,
        targetVersion,
        sql,
        wanted,
        result,
        failure,
        durationMs,
        deadline,
        expiresAt);
  }
}
