package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReleaseTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("kernels that spoil checksums of tunnelled packets are known (pod-network 51)")
  @CsvSource({
    "3.10.0-1127.el7.x86_64, true",
    "4.14.180, true",
    "4.14.181, false",
    "4.15.0-20-generic, true",
    "4.19.122-amd64, true",
    "4.19.123, false",
    "4.20.17, true",
    "5.4.40, true",
    "5.4.41-cip, false",
    "5.5.19, true",
    "5.6.12, true",
    "5.6.13, false",
    "5.7, false",
    "5.10.0-21-amd64, false",
    "6.1.0, false",
    "6.18.44-fc-v657, false",
    "unknown, false",
  })
  void broken(String release, boolean broken) {
    assertThat(KernelRelease.parse(release).hasBrokenTunnelChecksums()).isEqualTo(broken);
  }
}
