package retl.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of a dialect, found by their characters without making a string: what the gate's
 * keywords are, and which functions and tables are denied.
 */
final class Vocabulary {
  /** What is known of one name, in lower case. */
  record Entry(String name, Word word, @Nullable Denied function, @Nullable Denied table) {

    boolean isListed() {
      return !name.isEmpty();
    }
  }

  private record Family(String prefix, Denied denied) {}

  /** What is known of a name that is not listed. */
  static final Entry UNLISTED = new Entry("", Word.OTHER, null, null);

  private final @Nullable Entry[] table;
  private final List<Family> families;

  /** How the families begin: most names are none of theirs, and that is told without a string. */
  private final BitSet beginnings = new BitSet();

  private final Map<String, Denied> schemas;
  private final Set<String> allowed;

  private Vocabulary(
      Map<String, Entry> entries,
      List<Family> families,
      Map<String, Denied> schemas,
      Set<String> allowed) {
    this.table = new Entry[Integer.highestOneBit(entries.size()) * 4];
    this.families = families;
    this.schemas = Map.copyOf(schemas);
    this.allowed = Set.copyOf(allowed);
    for (Entry entry : entries.values()) {
      put(entry);
    }
    for (Family family : families) {
      String prefix = family.prefix();
      beginnings.set(beginning(prefix.charAt(0), prefix.charAt(1), prefix.charAt(2)));
    }
  }

  /** The gate's words and what these lists deny; each is a resource {@code <name>.tsv}. */
  static Vocabulary of(String... lists) {
    Map<String, Entry> entries = new HashMap<>();
    for (Word word : EnumSet.complementOf(EnumSet.of(Word.OTHER))) {
      String name = word.name().toLowerCase(Locale.ROOT);
      entries.put(name, new Entry(name, word, null, null));
    }
    List<Family> families = new ArrayList<>();
    Map<String, Denied> schemas = new HashMap<>();
    Set<String> allowed = new HashSet<>();
    for (String list : lists) {
      for (String line : lines(list)) {
        if (line.isEmpty() || line.charAt(0) == '#') {
          continue;
        }
        String[] fields = line.split("\t", -1);
        String name = fields[1];
        if (fields[0].equals("allow")) {
          allowed.add(name);
          continue;
        }
        Denied denied =
            new Denied(Denied.Kind.valueOf(fields[0].toUpperCase(Locale.ROOT)), fields[2]);
        if (denied.kind() == Denied.Kind.SCHEMA) {
          schemas.put(name, denied);
        } else if (name.endsWith("*")) {
          families.add(new Family(name.substring(0, name.length() - 1), denied));
        } else {
          entries.merge(name, entry(name, denied), Vocabulary::both);
        }
      }
    }
    families.sort((a, b) -> Integer.compare(b.prefix().length(), a.prefix().length()));
    return new Vocabulary(entries, List.copyOf(families), schemas, allowed);
  }

  private static Entry entry(String name, Denied denied) {
    return denied.kind() == Denied.Kind.TABLE
        ? new Entry(name, Word.OTHER, null, denied)
        : new Entry(name, Word.OTHER, denied, null);
  }

  private static Entry both(Entry old, Entry added) {
    return new Entry(
        old.name(),
        old.word(),
        added.function() == null ? old.function() : added.function(),
        added.table() == null ? old.table() : added.table());
  }

  private static String[] lines(String list) {
    try (var stream = Vocabulary.class.getResourceAsStream(list + ".tsv")) {
      byte[] all = Objects.requireNonNull(stream, list).readAllBytes();
      return new String(all, StandardCharsets.UTF_8).split("\n", -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void put(Entry entry) {
    int slot = hash(entry.name()) & (table.length - 1);
    while (table[slot] != null) {
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = entry;
  }

  private static int hash(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = extend(hash, name.charAt(i));
    }
    return spread(hash);
  }

  /** The hash of a name with one more character; ASCII letters count in any case. */
  static int extend(int hash, char c) {
    return hash * 31 + lower(c);
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 15);
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  /**
   * What is known of the name between two offsets.
   *
   * @param hash of its characters, made by {@link #extend} from 0
   */
  Entry find(char[] text, int start, int end, int hash) {
    int slot = spread(hash) & (table.length - 1);
    for (Entry entry = table[slot]; entry != null; entry = table[slot]) {
      if (equal(entry.name(), text, start, end)) {
        return entry;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return UNLISTED;
  }

  /** What is known of a name in any case. */
  Entry find(String name) {
    char[] text = name.toCharArray();
    int hash = 0;
    for (char c : text) {
      hash = extend(hash, c);
    }
    return find(text, 0, text.length, hash);
  }

  private static boolean equal(String name, char[] text, int start, int end) {
    if (name.length() != end - start) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != lower(text[start + i])) {
        return false;
      }
    }
    return true;
  }

  /** Where three characters stand in {@link #beginnings}, in any case. */
  private static int beginning(char first, char second, char third) {
    return ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);
  }

  /** Whether a name that begins so may belong to a family, told without making a string. */
  boolean hasFamily(char first, char second, char third) {
    return beginnings.get(beginning(first, second, third))
        || first >= 0x80
        || second >= 0x80
        || third >= 0x80;
  }

  /**
   * Why a function that is not listed by its whole name is denied, by the longest family that it
   * belongs to; null when it is not.
   */
  @Nullable Denied family(String function) {
    String name = function.toLowerCase(Locale.ROOT);
    if (allowed.contains(name)) {
      return null;
    }
    for (Family family : families) {
      if (name.startsWith(family.prefix())) {
        return family.denied();
      }
    }
    return null;
  }

  /** Why the functions of a schema are denied; null when they are not. */
  @Nullable Denied schema(String schema) {
    return schemas.get(schema.toLowerCase(Locale.ROOT));
  }
}
