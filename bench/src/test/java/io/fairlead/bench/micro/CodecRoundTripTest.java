package io.fairlead.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is decoded is what was encoded, so the benchmarks measure what they say. */
class CodecRoundTripTest {

  @Test
  void messagesHoldWhatWasWritten() throws Exception {
    assertThat(new ElementBenchmark().decode().toString()).contains("value=0x0af4070c1f90");
    assertThat(String.valueOf(new RouteBenchmark().decode())).contains("10.244.7.0/24");
    assertThat(String.valueOf(new LinkBenchmark().decode())).contains("veth2dd9a981f61");
    assertThat(new DestinationBenchmark().decode().server())
        .hasToString("10.244.7.12:8080 weight 1");
    assertThat(new ConntrackBenchmark().decode().toString())
        .startsWith("udp 10.244.1.2:40000 -> 10.96.0.10:53 reply 10.244.7.12:5353");
  }
}
