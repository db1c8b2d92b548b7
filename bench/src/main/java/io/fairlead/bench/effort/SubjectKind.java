package io.fairlead.bench.effort;

import io.fairlead.bench.lab.KernelFeatures;
import io.fairlead.bench.rules.Backend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be counted, by its word on the command line. */
enum SubjectKind {
  NFTABLES("nftables", Backend.NFTABLES),
  IPTABLES("iptables", Backend.IPTABLES),
  IPTABLES_LEGACY("iptables-legacy", Backend.IPTABLES_LEGACY),
  IPVS("ipvs", Backend.IPVS),
  POLICY("policy", null),
  OVERLAY("overlay", null),
  CNI("cni", null);

  private final String word;
  private final @Nullable Backend backend;

  SubjectKind(String word, @Nullable Backend backend) {
    this.word = word;
    this.backend = backend;
  }

  /** Makes one, in a namespace of its own. */
  Subject create(Sizes sizes, EffortMeter meter) throws IOException, InterruptedException {
    if (backend != null) {
      return ServiceSubject.create(backend, sizes.services(), meter);
    }
    return switch (this) {
      case POLICY -> PolicySubject.create(sizes.policies(), meter);
      case OVERLAY -> OverlaySubject.create(sizes.nodes(), meter);
      case CNI -> CniSubject.create();
      case NFTABLES, IPTABLES, IPTABLES_LEGACY, IPVS ->
          throw new IllegalStateException(word + " is a backend");
    };
  }

  /** The backend, if Services are what is changed. */
  Optional<Backend> backend() {
    return Optional.ofNullable(backend);
  }

  /**
   * What words of the command line stand for, in the order of this enum; "all" for all that every
   * kernel has.
   *
   * @throws IllegalArgumentException with a sentence if there is no such thing, or not here
   */
  static List<SubjectKind> named(List<String> words) throws IOException, InterruptedException {
    List<SubjectKind> kinds = new ArrayList<>();
    for (String word : words) {
      boolean isKnown =
          word.equals("all") || Arrays.stream(values()).anyMatch(kind -> kind.word.equals(word));
      if (!isKnown) {
        throw new IllegalArgumentException(
            "--backend takes " + titles() + " or all, not \"" + word + "\"");
      }
    }
    for (SubjectKind kind : values()) {
      if (words.contains(kind.word) || (words.contains("all") && kind != IPVS)) {
        kinds.add(kind);
      }
    }
    if (kinds.contains(IPVS) && !KernelFeatures.hasIpvs()) {
      throw new IllegalArgumentException(KernelFeatures.WITHOUT_IPVS);
    }
    return kinds;
  }

  private static String titles() {
    return Arrays.stream(values()).map(kind -> kind.word).collect(Collectors.joining(", "));
  }
}
