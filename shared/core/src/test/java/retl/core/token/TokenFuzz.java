package retl.core.token;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;
import retl.core.Ids;
import retl.core.Keys;
import retl.core.Role;
import retl.core.TestClock;

/**
 * Headers that are nearly, but not, those of a good token, made from a seed: tokens with characters
 * changed, joined from two, with their checksum made right again, of nobody, revoked and expired.
 * All must be answered, and all alike: {@code TokenFuzz <count> [<seed>]}.
 */
public final class TokenFuzz {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_ \t\r\n\u0000\u00a0\u0430é😀%\"\\,;=";

  private final Random random;
  private final List<String> good;
  private final List<String> bad;
  private final Set<String> answers = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();
  private long asked;

  /**
   * Begins with tokens of both kinds.
   *
   * @param good tokens that are recognised
   * @param bad tokens that were, or never were
   */
  public TokenFuzz(long seed, List<String> good, List<String> bad) {
    this.random = new Random(seed);
    this.good = List.copyOf(good);
    this.bad = List.copyOf(bad);
  }

  /** How many headers were asked about. */
  public long asked() {
    return asked;
  }

  /** What was answered: one and the same for all of them, when all is well. */
  public Set<String> answers() {
    return answers;
  }

  /** What went wrong, each with its header. */
  public List<String> faults() {
    return faults;
  }

  /** Asks about so many headers. */
  public void run(long count, Function<String, String> authenticate) {
    while (asked < count) {
      String header = header();
      if (isGood(header)) {
        continue;
      }
      asked++;
      try {
        answers.add(authenticate.apply(header));
      } catch (RuntimeException | Error e) {
        faults.add(e.getClass().getName() + " for " + header.length() + " characters: " + header);
      }
    }
  }

  // The scheme's case and blanks around the token make no difference, so such a header is no
  // attack.
  private boolean isGood(String header) {
    return header.regionMatches(true, 0, "bearer ", 0, 7)
        && good.contains(header.substring(7).strip());
  }

  private String header() {
    String header =
        switch (random.nextInt(8)) {
          case 0 -> "Bearer " + any(bad);
          case 1 -> "Bearer " + joined();
          case 2 -> "Bearer " + resealed();
          case 3 ->
              any(List.of("", "Bearer", "Bearer ", "Basic ", "bearer\t", " Bearer ")) + any(good);
          case 4 -> "Bearer " + any(good).toUpperCase(Locale.ROOT);
          default -> "Bearer " + any(good);
        };
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      header = changed(header);
    }
    return header;
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** The beginning of one token and the end of another. */
  private String joined() {
    String first = any(good);
    String second = random.nextBoolean() ? any(good) : any(bad);
    int at = random.nextInt(first.length());
    return first.substring(0, at) + second.substring(Math.min(at, second.length()));
  }

  /** A good token's id with another secret, and a checksum that is right. */
  private String resealed() {
    Token token = Token.parse(any(good)).orElseThrow();
    StringBuilder secret = new StringBuilder(token.secret());
    int at = random.nextInt(secret.length());
    secret.setCharAt(at, ALPHABET.charAt(random.nextInt(62)));
    return new Token(token.id(), secret.toString()).reveal();
  }

  private String changed(String text) {
    int at = random.nextInt(text.length() + 1);
    String head = text.substring(0, at);
    String tail = text.substring(at);
    String other = other();
    return switch (random.nextInt(7)) {
      case 0 -> head + other + tail;
      case 1 -> head + (tail.isEmpty() ? "" : tail.substring(1));
      case 2 -> head + other + (tail.isEmpty() ? "" : tail.substring(1));
      case 3 -> head;
      case 4 -> tail;
      case 5 -> head + head + tail;
      default ->
          random.nextInt(1000) == 0 ? text.repeat(200) : head + tail.toLowerCase(Locale.ROOT);
    };
  }

  private String other() {
    int at = random.nextInt(ALPHABET.codePointCount(0, ALPHABET.length()));
    return Character.toString(ALPHABET.codePointAt(ALPHABET.offsetByCodePoints(0, at)));
  }

  /**
   * Asks about tokens over a store in memory: three good ones, an expired, a revoked, a nobody's.
   */
  static TokenFuzz inMemory(long seed, long count) {
    TokensInMemory store = new TokensInMemory();
    Keys keys =
        (purpose, algorithm) ->
            new SecretKeySpec(("key" + purpose).getBytes(StandardCharsets.UTF_8), algorithm);
    TestClock clock = new TestClock();
    Tokens tokens = new Tokens(store, keys, Ids.timeOrdered(), clock);
    List<String> good = new ArrayList<>();
    for (Role role : Role.values()) {
      good.add(tokens.issue("ws1", role, null).reveal());
    }
    Instant soon = TestClock.START.plus(Duration.ofSeconds(1));
    Token expired = tokens.issue("ws1", Role.ADMIN, soon);
    Token revoked = tokens.issue("ws1", Role.ADMIN, null);
    store.kept.remove(revoked.id());
    clock.advance(Duration.ofSeconds(1));
    TokenFuzz fuzz =
        new TokenFuzz(seed, good, List.of(expired.reveal(), revoked.reveal(), nobodys().reveal()));
    fuzz.run(count, header -> tokens.authenticate(header).map(Grant::workspace).toString());
    return fuzz;
  }

  /** A token of the right shape that nobody issued. */
  public static Token nobodys() {
    return Token.random(Ids.timeOrdered().next("tok").substring(4), new SecureRandom());
  }

  /** Prints what was found, and ends with 1 when one was let in, told apart or broke something. */
  public static void main(String[] arguments) {
    long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    TokenFuzz fuzz = inMemory(seed, count);
    fuzz.faults.stream().limit(20).forEach(System.out::println);
    System.out.println(
        fuzz.asked
            + " headers, answered with "
            + fuzz.answers
            + ", "
            + fuzz.faults.size()
            + " faults");
    if (!fuzz.answers.equals(Set.of("Optional.empty")) || !fuzz.faults.isEmpty()) {
      System.exit(1);
    }
  }
}
