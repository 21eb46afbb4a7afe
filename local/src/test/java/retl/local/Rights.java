package retl.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one function may do, as the template says it and as IAM would judge it: as much of its
 * language as stands there. It notes what of it was needed.
 */
final class Rights {
  /** Names in DynamoDB's expressions that are none of attributes. */
  private static final Pattern WORD = Pattern.compile("(?<![:\\w])#?[A-Za-z]\\w*");

  private static final Set<String> NO_ATTRIBUTES =
      Set.of(
          "SET", "ADD", "REMOVE", "AND", "OR", "NOT", "attribute_exists", "attribute_not_exists");

  private final List<Statement> statements = new ArrayList<>();
  private final Set<String> needed = new LinkedHashSet<>();

  private record Statement(
      String sid, List<String> actions, List<TemplateValue> resources, TemplateValue condition) {}

  /**
   * One thing that a call asks for; a transaction asks for several.
   *
   * @param resource a secret's name, or the logical id of what is called
   * @param attributes those of items that are named; only for DynamoDB
   * @param selects whether it wants these attributes and no other ones
   */
  record Asked(
      String action,
      String resource,
      List<String> leadingKeys,
      Set<String> attributes,
      boolean selects) {}

  /** The rights of a function in a template's {@code Resources}. */
  Rights(TemplateValue function) {
    for (TemplateValue policy : function.at("Properties", "Policies").items()) {
      for (TemplateValue each : policy.at("Statement").items()) {
        TemplateValue statement =
            each.at("Fn::If").items().stream().skip(1).findFirst().orElse(each);
        statements.add(
            new Statement(
                statement.at("Sid").text(),
                texts(statement.at("Action")),
                statement.at("Resource").items().isEmpty()
                    ? List.of(statement.at("Resource"))
                    : statement.at("Resource").items(),
                statement.at("Condition")));
      }
    }
  }

  /** True when a statement allows it. */
  synchronized boolean allow(Asked asked) {
    List<Statement> allowing = statements.stream().filter(each -> allows(each, asked)).toList();
    allowing.forEach(each -> needed.add(each.sid + " " + asked.action));
    return !allowing.isEmpty();
  }

  /** What is granted and was not asked for, each as its statement's name and the action. */
  synchronized List<String> unneeded() {
    return statements.stream()
        .flatMap(each -> each.actions.stream().map(action -> each.sid + " " + action))
        // No call of ours asks for it by itself: the stores do in our name.
        .filter(each -> !each.contains(" kms:"))
        .filter(each -> !needed.contains(each))
        .toList();
  }

  private static boolean allows(Statement statement, Asked asked) {
    return statement.actions.contains(asked.action)
        && statement.resources.stream().anyMatch(each -> isFor(each, asked.resource))
        && holds(statement.condition, asked);
  }

  private static boolean isFor(TemplateValue resource, String asked) {
    String secret = resource.at("Fn::Sub").text().replaceFirst(".*:secret:", "");
    return secret.isEmpty()
        ? resource.reference().filter(asked::equals).isPresent()
        : like(secret.replace("${AWS::StackName}", "*"), asked);
  }

  private static boolean holds(TemplateValue condition, Asked asked) {
    TemplateValue keys =
        condition
            .at("ForAllValues:StringLike", "dynamodb:LeadingKeys")
            .or(condition.at("ForAllValues:StringEquals", "dynamodb:LeadingKeys"));
    List<String> attributes =
        texts(condition.at("ForAllValues:StringEquals", "dynamodb:Attributes"));
    boolean mustSelect = !condition.at("StringEquals", "dynamodb:Select").text().isEmpty();
    return (keys.value() == null
            || asked.leadingKeys.stream()
                .allMatch(key -> texts(keys).stream().anyMatch(each -> like(each, key))))
        && (attributes.isEmpty() || attributes.containsAll(asked.attributes))
        && (!mustSelect || asked.selects);
  }

  private static boolean like(String pattern, String text) {
    return Pattern.matches(
        Stream.of(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .reduce((a, b) -> a + ".*" + b)
            .get(),
        text);
  }

  private static List<String> texts(TemplateValue value) {
    return Stream.concat(Stream.of(value), value.items().stream())
        .map(TemplateValue::text)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /** What a call of DynamoDB asks for. */
  static List<Asked> ofDynamo(String operation, TemplateValue body) {
    return switch (operation) {
      case "TransactWriteItems" ->
          body.at("TransactItems").items().stream()
              .flatMap(item -> item.fields().entrySet().stream())
              .map(item -> ofItem(transactional(item.getKey()), item.getValue()))
              .toList();
      case "BatchGetItem", "BatchWriteItem" ->
          List.of(
              new Asked(
                  "dynamodb:" + operation,
                  "Table",
                  body.at("RequestItems").fields().values().stream()
                      .flatMap(Rights::keysOf)
                      .toList(),
                  Set.of(),
                  false));
      default -> List.of(ofItem(operation, body));
    };
  }

  private static String transactional(String part) {
    return part.equals("ConditionCheck") ? "ConditionCheckItem" : part + "Item";
  }

  private static Stream<String> keysOf(TemplateValue requests) {
    return Stream.concat(
        requests.at("Keys").items().stream().map(Rights::partition),
        requests.items().stream()
            .flatMap(request -> request.fields().values().stream())
            .map(write -> partition(write.at("Key").or(write.at("Item")))));
  }

  private static String partition(TemplateValue key) {
    return key.at("PK", "S").text();
  }

  private static Asked ofItem(String operation, TemplateValue body) {
    TemplateValue key = body.at("Key").or(body.at("Item"));
    String partition = partition(key);
    if (operation.equals("Query")) {
      Matcher equal =
          Pattern.compile("PK = (:\\w+)").matcher(body.at("KeyConditionExpression").text());
      partition =
          equal.find()
              ? body.at("ExpressionAttributeValues", equal.group(1), "S").text()
              : "no partition";
    }
    Map<String, TemplateValue> names = body.at("ExpressionAttributeNames").fields();
    Set<String> attributes = new HashSet<>(key.fields().keySet());
    for (String expression :
        List.of("UpdateExpression", "ConditionExpression", "ProjectionExpression")) {
      for (String word : words(body.at(expression).text())) {
        attributes.add(
            word.startsWith("#") ? Objects.requireNonNull(names.get(word), word).text() : word);
      }
    }
    return new Asked(
        "dynamodb:" + operation,
        "Table",
        List.of(partition),
        attributes,
        !body.at("ProjectionExpression").text().isEmpty());
  }

  private static Collection<String> words(String expression) {
    return WORD.matcher(expression)
        .results()
        .map(found -> found.group())
        .filter(word -> !NO_ATTRIBUTES.contains(word))
        .toList();
  }
}
