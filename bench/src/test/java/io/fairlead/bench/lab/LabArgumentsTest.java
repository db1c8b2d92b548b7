package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabArgumentsTest {

  @Test
  void nothingIsTheUsualLab() {
    assertThat(LabArguments.parse()).isEqualTo(LabOptions.of(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nftables", "iptables", "ipvs"})
  void theProxyModeIsTheAgents(String mode) {
    assertThat(LabArguments.parse("proxy-mode=" + mode, "dual-stack"))
        .isEqualTo(LabOptions.of(2).withProxyMode(mode).withDualStack());
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy-mode=ipv", "proxy-mode=", "proxy-mode=none"})
  void aWrongModeIsASentenceThatNamesTheRightOnes(String argument) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabArguments.parse(argument))
        .withMessageContaining("there is no proxy mode")
        .withMessageEndingWith("try nftables, iptables, ipvs");
  }

  @Test
  void aWrongArgumentIsASentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabArguments.parse("ipvs"))
        .withMessageContaining("there is no argument \"ipvs\"")
        .withMessageContaining("proxy-mode=MODE");
  }
}
