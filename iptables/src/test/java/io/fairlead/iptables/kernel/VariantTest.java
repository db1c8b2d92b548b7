package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.kernel.XtablesVariant.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VariantTest {

  record Case(Evidence evidence, String sentence) {}

  static List<Case> cases() {
    return List.of(
        new Case(
            new Evidence(false, 0, 0, false, false),
            "iptables in the variant legacy: the kernel has no nf_tables"),
        new Case(
            new Evidence(true, 0, 0, false, false),
            "iptables in the variant nft: others have 0 rules there and 0 in the variant legacy"),
        new Case(
            new Evidence(true, 2, 2, false, false),
            "iptables in the variant nft: others have 2 rules there and 2 in the variant legacy;"
                + " both variants are in use on this node, and packets go through both: move the"
                + " rules of one to the other"),
        new Case(
            new Evidence(true, 0, 1, false, false),
            "iptables in the variant legacy: others have 1 rules there and 0 in the variant nft"),
        new Case(
            new Evidence(true, 0, 7, true, false),
            "iptables in the variant nft: the kubelet uses it"),
        new Case(
            new Evidence(true, 7, 0, false, true),
            "iptables in the variant legacy: the kubelet uses it"),
        new Case(
            new Evidence(true, 0, 7, true, true),
            "iptables in the variant nft: the kubelet uses it"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theVariantOfOthersIsChosen(Case one) {
    assertThat(one.evidence().choose().toString()).isEqualTo(one.sentence());
  }

  @Test
  void spellsItself() {
    assertThat(XtablesVariant.NFT.text()).isEqualTo("nft");
    assertThat(XtablesVariant.LEGACY.text()).isEqualTo("legacy");
  }
}
