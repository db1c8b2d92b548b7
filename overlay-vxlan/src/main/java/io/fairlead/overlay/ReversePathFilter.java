package io.fairlead.overlay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's check that an IPv4 packet came by the link that its answer would leave by
 * (net.ipv4.conf.LINK.rp_filter; there is none for IPv6). While nodes switch modes one after the
 * other, packets of a peer come by the tunnel and answers leave by the underlay, or the other way
 * round; the strict check would drop them, the loose one (the source must be reachable by any link)
 * lets them pass. Safe for use by one thread at a time.
 */
public final class ReversePathFilter {

  private static final String STRICT = "1";
  private static final String LOOSE = "2";

  private final Path root;
  private final @Nullable Observer observer;

  /** Told of what would be done, where nothing is to be. */
  interface Observer {
    void seen(String link, boolean isStrict);
  }

  private ReversePathFilter(Path root, @Nullable Observer observer) {
    this.root = root;
    this.observer = observer;
  }

  /**
   * Over the settings below {@code root}.
   *
   * @param root /proc/sys/net/ipv4/conf: that of the calling thread's network namespace
   */
  public ReversePathFilter(Path root) {
    this(root, null);
  }

  /** Over the same settings, of which it changes none. */
  ReversePathFilter observed(Observer by) {
    return new ReversePathFilter(root, by);
  }

  /** Over the settings of the calling thread's network namespace. */
  public static ReversePathFilter ofKernel() {
    return new ReversePathFilter(Path.of("/proc/sys/net/ipv4/conf"));
  }

  /**
   * Makes the check loose on the link if it is strict there. The kernel takes the greater of the
   * link's value and that of "all", so this cannot be undone elsewhere.
   *
   * @return whether anything had to be changed
   */
  public boolean loosen(String link) throws IOException {
    boolean strict = isStrict(link);
    if (observer != null) {
      observer.seen(link, strict);
    } else if (strict) {
      Files.writeString(setting(link), LOOSE);
    }
    return strict;
  }

  private boolean isStrict(String link) throws IOException {
    String own = read(setting(link));
    return own.equals(STRICT) || (!own.equals(LOOSE) && read(setting("all")).equals(STRICT));
  }

  private Path setting(String link) {
    return root.resolve(link).resolve("rp_filter");
  }

  private static String read(Path setting) throws IOException {
    return Files.readString(setting).strip();
  }
}
