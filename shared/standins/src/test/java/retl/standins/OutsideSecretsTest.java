package retl.standins;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The rules that our stand-in for Secrets Manager keeps, held against emulators that others wrote:
 * {@code -Dministack=<port>} and {@code -Dmoto=<port>}, as {@code .ci/run} does. Neither is AWS,
 * but where both agree with us we did not misread its reference alone.
 */
class OutsideSecretsTest {
  /** What MiniStack 1.5.33 does otherwise. */
  private static final Map<String, String> MINISTACK =
      Map.ofEntries(
          Map.entry("theTokenOfACreateBecomesItsVersion", "makes up an id of the version"),
          Map.entry("aRepeatedCreateIsAnsweredAsTheFirst", "refuses the repeat"),
          Map.entry("manyCreatesWithOneTokenMakeOneVersion", "refuses the repeats"),
          Map.entry("aRepeatedPutDoesNothingAndOtherContentIsRefused", "overwrites the version"),
          Map.entry("aSecretWithoutAValueHasNoneToGetUntilThePut", "answers an empty value"),
          Map.entry("aForcedDeleteFreesTheNameAndIsNeverRefused", "refuses the second one"),
          Map.entry("theNameOfADeletedSecretIsTakenUntilItIsGone", "says ResourceExists of it"),
          Map.entry("refusesANameOutsideTheGrammar", "takes any name"),
          Map.entry("takesTheLongestNameAndNotOneMore", "takes a name of any length"),
          Map.entry("takesTheLongestValueAndNotOneMore", "takes a value of any length"),
          Map.entry("refusesBothTextAndBytes", "keeps both"),
          Map.entry("theCurrentLabelCannotBeTakenOff", "takes it off"),
          Map.entry("anIdAndALabelMustNameTheSameVersion", "goes by the id alone"));

  /** What moto 5.2.5 does otherwise. */
  private static final Map<String, String> MOTO =
      Map.ofEntries(
          Map.entry("aPendingVersionBecomesCurrentByItsLabel", "goes on reading the old version"),
          Map.entry("theCurrentLabelCannotBeTakenOff", "takes it off"),
          Map.entry(
              "aNewVersionTakesTheCurrentLabelAndLeavesThePreviousOne",
              "lists versions without a label"),
          Map.entry("keepsAHundredVersionsOfManyMore", "keeps all"),
          Map.entry("aDeletedSecretIsNotWritten", "writes it"),
          Map.entry("theNameOfADeletedSecretIsTakenUntilItIsGone", "says ResourceExists of it"),
          Map.entry("refusesANameOutsideTheGrammar", "takes any name"),
          Map.entry("takesTheLongestNameAndNotOneMore", "takes a name of any length"),
          Map.entry("takesTheLongestValueAndNotOneMore", "takes a value of any length"),
          Map.entry("refusesBothTextAndBytes", "keeps both"));

  private static URI on(String property) {
    return URI.create("http://127.0.0.1:" + Integer.getInteger(property));
  }

  @Nested
  @EnabledIfSystemProperty(named = "ministack", matches = "\\d+")
  class OnMiniStack extends SecretsManagerStandInTest {
    @RegisterExtension static final KnownDifferences DIFFERENCES = new KnownDifferences(MINISTACK);

    @Override
    URI endpoint() {
      return on("ministack");
    }
  }

  @Nested
  @EnabledIfSystemProperty(named = "moto", matches = "\\d+")
  class OnMoto extends SecretsManagerStandInTest {
    @RegisterExtension static final KnownDifferences DIFFERENCES = new KnownDifferences(MOTO);

    @Override
    URI endpoint() {
      return on("moto");
    }
  }
}
