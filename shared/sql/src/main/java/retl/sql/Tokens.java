package retl.sql;

import java.util.Arrays;

/** The tokens of a text, without its comments and blanks; positions are UTF-16 offsets. */
final class Tokens {

  enum Kind {
    /** A keyword or an unquoted name. */
    WORD,
    /** A name in double quotes. */
    QUOTED,
    /** A text literal of any form: plain, prefixed, dollar quoted. */
    LITERAL,
    NUMBER,
    /** {@code $1}: a parameter, or on Snowflake a column by its number. */
    PARAMETER,
    /** {@code $name} on Snowflake. */
    VARIABLE,
    OPERATOR,
    OPEN,
    CLOSE,
    COMMA,
    DOT,
    SEMICOLON
  }

  private final char[] text;
  private Kind[] kinds;
  private int[] starts;
  private int[] ends;
  private Vocabulary.Entry[] entries;
  private int size;

  Tokens(char[] text) {
    this.text = text;
    int guess = text.length / 4 + 8;
    kinds = new Kind[guess];
    starts = new int[guess];
    ends = new int[guess];
    entries = new Vocabulary.Entry[guess];
  }

  void add(Kind kind, int start, int end) {
    add(kind, start, end, Vocabulary.UNLISTED);
  }

  void add(Kind kind, int start, int end, Vocabulary.Entry entry) {
    if (size == kinds.length) {
      int more = size * 2;
      kinds = Arrays.copyOf(kinds, more);
      starts = Arrays.copyOf(starts, more);
      ends = Arrays.copyOf(ends, more);
      entries = Arrays.copyOf(entries, more);
    }
    kinds[size] = kind;
    starts[size] = start;
    ends[size] = end;
    entries[size] = entry;
    size++;
  }

  int size() {
    return size;
  }

  Kind kind(int i) {
    return kinds[i];
  }

  /** Where token {@code i} begins. */
  int start(int i) {
    return starts[i];
  }

  /** Directly behind token {@code i}. */
  int end(int i) {
    return ends[i];
  }

  /** The keyword that token {@code i} is; {@link Word#OTHER} for every other token. */
  Word word(int i) {
    return i >= 0 && i < size && kinds[i] == Kind.WORD ? entries[i].word() : Word.OTHER;
  }

  /** What is known of the name that token {@code i} is, quoted or not. */
  Vocabulary.Entry entry(int i) {
    return entries[i];
  }

  /** From here on token {@code i} is a name, and no keyword any more. */
  void takeForName(int i) {
    Vocabulary.Entry entry = entries[i];
    if (entry.word() != Word.OTHER) {
      entries[i] = new Vocabulary.Entry(entry.name(), Word.OTHER, entry.function(), entry.table());
    }
  }

  boolean is(int i, Kind kind) {
    return i >= 0 && i < size && kinds[i] == kind;
  }

  boolean isName(int i) {
    return is(i, Kind.WORD) || is(i, Kind.QUOTED);
  }

  char firstChar(int i) {
    return text[starts[i]];
  }

  /** A character of the name that token {@code i} spells, counted from 0; NUL behind its end. */
  char charOfName(int i, int at) {
    int quote = kinds[i] == Kind.QUOTED ? 1 : 0;
    int index = starts[i] + quote + at;
    return index < ends[i] - quote ? text[index] : '\0';
  }

  /** Token {@code i} as it is written. */
  String text(int i) {
    return new String(text, starts[i], ends[i] - starts[i]);
  }

  /** The name that token {@code i} spells: as written, or what stands between the quotes. */
  String name(int i) {
    String written = text(i);
    return kinds[i] == Kind.QUOTED
        ? written.substring(1, Math.max(1, written.length() - 1)).replace("\"\"", "\"")
        : written;
  }
}
