package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  @Test
  void netAdminIsFoundAmongOthers() {
    assertThat(Capabilities.missing("Name:\tjava\nCapEff:\t0000000000001000\n")).isEmpty();
    assertThat(Capabilities.missing("CapEff:\t000001ffffffffff\n")).isEmpty();
  }

  @Test
  void itsAbsenceIsASentenceWithTheMend() {
    assertThat(Capabilities.missing("CapPrm:\t0000000000001000\nCapEff:\t0000000000000c00\n"))
        .hasValueSatisfying(text -> assertThat(text).contains("NET_ADMIN", "capabilities.add"));
  }
}
