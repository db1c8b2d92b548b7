package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rr",
        "wrr",
        "lc",
        "wlc",
        "sh",
        "dh",
        "sed",
        "nq",
        "mh",
        "lblc",
        "lblcr",
        "fo",
        "ovf",
        "sh,sh-fallback",
        "sh,sh-fallback,sh-port",
        "mh,mh-port",
        "mh,mh-fallback,mh-port"
      })
  void whatIsReadIsWritten(String text) {
    assertThat(Scheduling.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {" wlc |wlc", "mh, mh-port , mh-fallback|mh,mh-fallback,mh-port"})
  void blanksAndTheOrderOfFlagsDoNotMatter(String text, String canonical) {
    assertThat(Scheduling.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fastest|\"fastest\" is no scheduler of IPVS; known are rr, wrr, lc,",
        "''|\"\" is no scheduler of IPVS",
        "rr,sh-port|\"sh-port\" is no flag of scheduler rr; known are",
        "mh,sh-port|\"sh-port\" is no flag of scheduler mh",
        "mh,flag-1|\"flag-1\" is no flag of scheduler mh",
        "mh,|\"\" is no flag of scheduler mh",
        "MH|\"MH\" is no scheduler"
      })
  void whatDoesNotFitIsRefusedWithWhatIsKnown(String text, String beginning) {
    assertThatThrownBy(() -> Scheduling.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(beginning)
        .hasMessageContaining("known are")
        .hasMessageEndingWith("mh with the flags mh-port and mh-fallback");
  }
}
