package io.fairlead.bench.effort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.bench.lab.KernelFeatures;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SubjectKindKernelTest {

  @Test
  void wordsOfTheCommandLine() throws Exception {
    assertThat(SubjectKind.named(List.of("cni", "nftables")))
        .containsExactly(SubjectKind.NFTABLES, SubjectKind.CNI);
    assertThat(SubjectKind.named(List.of("all")))
        .contains(SubjectKind.POLICY, SubjectKind.OVERLAY, SubjectKind.IPTABLES)
        .doesNotContain(SubjectKind.IPVS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SubjectKind.named(List.of("nftables", "ebpf")))
        .withMessage(
            "--backend takes nftables, iptables, iptables-legacy, ipvs, policy, overlay, cni or"
                + " all, not \"ebpf\"");
  }

  @Test
  void aKernelWithoutIpvs() throws Exception {
    Assumptions.assumeFalse(KernelFeatures.hasIpvs(), "this kernel has IPVS");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SubjectKind.named(List.of("ipvs")))
        .withMessage(KernelFeatures.WITHOUT_IPVS);
  }
}
