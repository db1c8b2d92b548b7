package io.fairlead.iptables;

import io.fairlead.dataplane.evidence.Alignment;
import io.fairlead.dataplane.evidence.Alignment.Line;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.BuiltInJump;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesSnapshot;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what the kernel has of the way of packets to one address in one table. */
final class AddressEvidence {

  private final AddressFamily family;
  private final AddressWay way;
  private final XtablesSnapshot held;
  private final List<KernelObject> objects = new ArrayList<>();

  private AddressEvidence(AddressFamily family, AddressWay way, XtablesSnapshot held) {
    this.family = family;
    this.way = way;
    this.held = held;
  }

  /**
   * Reads it now.
   *
   * @param last chains that packets meet behind all others
   */
  static List<KernelObject> read(
      XtablesKernel kernel,
      AddressFamily family,
      AddressWay way,
      Map<String, List<IptablesRule>> last)
      throws IOException {
    if (way.path().isEmpty()) {
      return List.of();
    }
    AddressEvidence reading =
        new AddressEvidence(family, way, kernel.read(family, way.table(), way.names()));
    reading.addJumps(last.keySet(), false);
    way.path().forEach(reading::addStep);
    way.chains().forEach(reading::addChain);
    reading.addJumps(last.keySet(), true);
    last.forEach(reading::addChain);
    return reading.objects;
  }

  private String place(String chain) {
    String ip =
        switch (family) {
          case IPV4 -> "ip";
          case IPV6 -> "ip6";
        };
    return "chain " + ip + " " + way.table().text() + " " + chain;
  }

  private static String shown(String chain, String rule) {
    return "-A " + chain + " " + rule;
  }

  private void addJumps(Set<String> last, boolean toLast) {
    for (BuiltInJump jump : way.jumps()) {
      String text = jump.rule().text(family);
      boolean leadsToLast = last.stream().anyMatch(chain -> text.endsWith(" " + chain));
      if (leadsToLast == toLast) {
        boolean present =
            held.jumps().stream()
                .anyMatch(one -> one.chain().equals(jump.chain()) && one.text().equals(text));
        String place = place(jump.chain());
        objects.add(
            present
                ? KernelObject.present(place, shown(jump.chain(), text))
                : KernelObject.missing(place, shown(jump.chain(), text)));
      }
    }
  }

  private void addStep(DispatchTree.Step step) {
    String text = step.rule().text(family);
    String chain = step.chain();
    for (HeldRule rule : held.chains().getOrDefault(chain, List.of())) {
      if (rule.text().equals(text)) {
        objects.add(
            KernelObject.counted(place(chain), shown(chain, text), rule.packets(), rule.bytes()));
        return;
      }
    }
    objects.add(KernelObject.missing(place(chain), shown(chain, text)));
  }

  private void addChain(String chain, List<IptablesRule> wanted) {
    List<HeldRule> found = held.chains().getOrDefault(chain, List.of());
    objects.addAll(
        Alignment.of(
            place(chain),
            wanted.stream().map(rule -> Line.of(shown(chain, rule.text(family)))).toList(),
            found.stream().map(rule -> line(chain, rule)).toList()));
  }

  private static Line line(String chain, HeldRule rule) {
    String text = shown(chain, rule.text());
    return new Line(text, text, rule.packets(), rule.bytes());
  }
}
