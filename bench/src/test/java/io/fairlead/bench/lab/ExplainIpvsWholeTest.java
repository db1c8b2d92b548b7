package io.fairlead.bench.lab;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** As {@link ExplainWholeTest}, apart, since it is all that another kernel has to be booted for. */
class ExplainIpvsWholeTest {

  @Test
  @DisplayName("why shows virtual servers, and verify finds nothing to mend")
  void explains() throws Exception {
    ExplainWholeTest.explains("ipvs");
  }
}
