package retl.sql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import retl.sql.Tokens.Kind;

/** Refuses the functions and tables that the dialect's list denies, however they are written. */
final class Names {
  private final Tokens tokens;
  private final Dialect dialect;
  private final Refusals refusals;
  private boolean xml;

  Names(Tokens tokens, Dialect dialect, Refusals refusals) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.refusals = refusals;
  }

  /**
   * Checks the name that token {@code i} is: as a table wherever it stands, as a function where it
   * is called. {@code (x).f} calls {@code f} as well, and so does {@code t.f} where {@code t} has
   * no column of that name: that way, only names are denied that no column is likely to have.
   */
  void check(int i) throws Refusal {
    Vocabulary.Entry entry = tokens.entry(i);
    xml |= (tokens.charOfName(i, 0) | 0x20) == 'x';
    if (entry.table() != null) {
      refuse(Rule.SYSTEM_TABLE, i, entry.table());
    }
    boolean called = tokens.is(i + 1, Kind.OPEN) && tokens.firstChar(i + 1) == '(';
    boolean part = tokens.is(i - 1, Kind.DOT);
    if (called || part) {
      Denied denied = entry.function() != null ? entry.function() : unlisted(i, called);
      boolean surely = called || tokens.is(i - 2, Kind.CLOSE);
      if (denied != null && (surely || denied.kind() == Denied.Kind.FUNCTION)) {
        refuse(Rule.SIDE_EFFECT_FUNCTION, i, denied);
      }
    }
  }

  private @Nullable Denied unlisted(int i, boolean called) {
    if (called && tokens.is(i - 1, Kind.DOT) && tokens.isName(i - 2)) {
      Denied schema = dialect.vocabulary().schema(tokens.name(i - 2));
      if (schema != null) {
        return schema;
      }
    }
    boolean mayBe =
        dialect
            .vocabulary()
            .hasFamily(tokens.charOfName(i, 0), tokens.charOfName(i, 1), tokens.charOfName(i, 2));
    return mayBe ? dialect.vocabulary().family(tokens.name(i)) : null;
  }

  private void refuse(Rule rule, int i, Denied denied) throws Refusal {
    refusals.refuse(rule, i, i, tokens.name(i), denied.reason());
  }

  /** Refuses literals with a document type or entities in a query that works with XML. */
  void checkXml(int first, int last) throws Refusal {
    if (!xml || dialect.isSnowflake()) {
      return;
    }
    boolean used = false;
    for (int i = first; i <= last && !used; i++) {
      used = tokens.isName(i) && isXml(tokens.name(i).toLowerCase(Locale.ROOT));
    }
    for (int i = first; i <= last && used; i++) {
      if (tokens.is(i, Kind.LITERAL)) {
        String literal = tokens.text(i).toUpperCase(Locale.ROOT);
        if (literal.contains("<!DOCTYPE") || literal.contains("<!ENTITY")) {
          refusals.refuse(Rule.XML_ENTITY, i, i);
        }
      }
    }
  }

  private static boolean isXml(String name) {
    return name.startsWith("xml") || name.startsWith("xpath");
  }
}
