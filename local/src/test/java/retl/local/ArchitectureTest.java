package retl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the arrows between modules; each rule is also shown a class that breaks it. */
@Execution(ExecutionMode.CONCURRENT)
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // Fixtures of other modules' tests, once they are in a jar.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("retl");
  private static final JavaClasses WRONG =
      new ClassFileImporter().importPackages("retl.local.wrong");

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void holds(String what, Function<Architecture, ArchRule> rule, String breach) {
    rule.apply(new Architecture("retl")).check(OURS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void isBroken(String what, Function<Architecture, ArchRule> rule, String breach) {
    ArchRule control = rule.apply(new Architecture("retl.local.wrong"));

    assertThat(control.evaluate(WRONG).getFailureReport().toString()).contains(breach);
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        rule("core knows nobody", a -> a.knows("core"), "retl.local.wrong.sql.Wrong"),
        rule("sql knows core", a -> a.knows("sql", "core"), "retl.local.wrong.aws.Wrong"),
        rule(
            "warehouse knows core and sql",
            a -> a.knows("warehouse", "core", "sql"),
            "retl.local.wrong.api.Wrong"),
        rule("aws knows core", a -> a.knows("aws", "core"), "retl.local.wrong.api.Wrong"),
        rule("api knows core", a -> a.knows("api", "core"), "retl.local.wrong.warehouse.Wrong"),
        rule("stand-ins know nobody", a -> a.knows("standins"), "retl.local.wrong.core.Wrong"),
        rule(
            "functions do not know each other",
            Architecture::functionsKnowOnlyLibraries,
            "retl.local.wrong.functions.two.Wrong"),
        rule(
            "only the workers know the warehouses",
            Architecture::onlyTheWorkersKnowTheWarehouses,
            "retl.local.wrong.functions.two.Wrong"),
        rule(
            "warehouses do not know each other",
            Architecture::warehousesDoNotKnowEachOther,
            "retl.local.wrong.warehouse.two.Wrong"),
        rule(
            "what warehouses share knows none of them",
            Architecture::whatWarehousesShareKnowsNone,
            "retl.local.wrong.warehouse.one.Wrong"),
        rule(
            "deployables know no stand-ins",
            Architecture::deployablesKnowNoStandIns,
            "retl.local.wrong.standins.Wrong"),
        rule(
            "only warehouses know JDBC",
            Architecture::onlyWarehousesKnowJdbc,
            "retl.local.wrong.aws.Wrong"),
        rule(
            "core knows no JDBC",
            Architecture::coreKnowsNoLibraryOfTheOutside,
            "java.sql.Connection"),
        rule(
            "core knows no AWS",
            Architecture::coreKnowsNoLibraryOfTheOutside,
            "software.amazon.awssdk.services.dynamodb.DynamoDbClient"),
        rule(
            "core knows no JSON library",
            Architecture::coreKnowsNoLibraryOfTheOutside,
            "com.fasterxml.jackson.core.JsonFactory"),
        rule(
            "only the gate makes accepted queries",
            Architecture::onlyTheGateMakesAcceptedQueries,
            "retl.local.wrong.core.OwnQuery"));
  }

  private static Arguments rule(String what, Function<Architecture, ArchRule> rule, String breach) {
    return arguments(what, rule, breach);
  }

  @ParameterizedTest
  @CsvSource({
    "service, false",
    "credentials, false",
    "previews, false",
    "models, false",
    "sources, false",
    "warehouse, true",
  })
  void onlyTheWorkersZipHasDrivers(String module, boolean hasDrivers) throws IOException {
    Path zip = Contract.projectFile("functions/" + module + "/target/" + module + "-functions.zip");
    assumeThat(zip).as("the zip, which is there from the phase package on").exists();

    assertThat(!drivers(zip).isEmpty()).isEqualTo(hasDrivers);
  }

  /** The jars in a zip that register a JDBC driver. */
  private static List<String> drivers(Path zip) throws IOException {
    List<String> drivers = new ArrayList<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry jar : file.stream().filter(each -> each.getName().endsWith(".jar")).toList()) {
        try (ZipInputStream entries = new ZipInputStream(file.getInputStream(jar))) {
          if (hasDriver(entries)) {
            drivers.add(jar.getName());
          }
        }
      }
    }
    return drivers;
  }

  private static boolean hasDriver(ZipInputStream entries) throws IOException {
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      if (entry.getName().equals("META-INF/services/java.sql.Driver")) {
        return true;
      }
    }
    return false;
  }
}
