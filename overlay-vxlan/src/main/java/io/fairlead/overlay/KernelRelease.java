package io.fairlead.overlay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of a Linux kernel, for what cannot be asked for in another way.
 *
 * @param patch the third number, 0 where it says nothing, as in kernels of distributions
 */
public record KernelRelease(int major, int minor, int patch) {

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,5}))?.*");

  /** Reads what {@code uname -r} prints; what is no number counts as the newest of all. */
  public static KernelRelease parse(String text) {
    Matcher matcher = NUMBERS.matcher(text.strip());
    if (!matcher.matches()) {
      return new KernelRelease(Integer.MAX_VALUE, 0, 0);
    }
    String patch = matcher.group(3);
    return new KernelRelease(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  /**
   * Whether NAT may spoil the checksum of a UDP packet that had none (Linux commit ea64d8d6c675,
   * "netfilter: nat: never update the UDP checksum when it's 0"): fixed in 5.7, and in the stable
   * releases 5.6.13, 5.4.41, 4.19.123 and 4.14.181. A distribution may have the mend without the
   * number; the workaround is right there, too, and only costs time.
   */
  public boolean hasBrokenTunnelChecksums() {
    if (major != 5 && major != 4) {
      return major < 4;
    }
    return switch (major * 1000 + minor) {
      case 5006 -> patch < 13;
      case 5004 -> patch < 41;
      case 4019 -> patch < 123;
      case 4014 -> patch < 181;
      default -> major < 5 || minor < 7;
    };
  }
}
