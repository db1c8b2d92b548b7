package io.fairlead.overlay;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stands in for those who change settings of links, and only takes note of what they would. */
final class ComparedSettings {

  private static final String PLACE = "settings";

  private final Comparison.Builder result = new Comparison.Builder();

  Comparison result() {
    return result.build();
  }

  /** In the place of {@code real}. */
  ReversePathFilter filter(ReversePathFilter real) {
    return real.observed((link, isStrict) ->
        note("net.ipv4.conf." + link + ".rp_filter = ", "2", isStrict ? "1" : "2"));
  }

  /** In the place of {@code real}, which may be nobody. */
  @Nullable ChecksumOffload offload(@Nullable ChecksumOffload real) {
    return real == null
        ? null
        : new ChecksumOffload() {
          @Override
          public boolean isOn(String link) throws IOException {
            boolean on = real.isOn(link);
            note("ethtool -K " + link + " tx ", "off", on ? "on" : "off");
            return on;
          }

          @Override
          public void turnOff(String link) {}
        };
  }

  private void note(String name, String wanted, String found) {
    if (wanted.equals(found)) {
      result.right(PLACE, 1);
    } else {
      result.add(Difference.different(PLACE, name + wanted, name + found));
    }
  }
}
