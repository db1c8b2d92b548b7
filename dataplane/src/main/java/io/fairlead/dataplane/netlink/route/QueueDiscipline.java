package io.fairlead.dataplane.netlink.route;

import org.jspecify.annotations.Nullable;

/**
 * How a link queues packets (linux/pkt_sched.h).
 *
 * @param root whether it is the one that packets go out by
 * @param kernelName "tbf", "ingress", "noqueue"...
 * @param bucket its parameters if it is a token bucket, else null
 */
public record QueueDiscipline(
    int linkIndex, boolean root, String kernelName, @Nullable TokenBucket bucket) {

  @Override
  public String toString() {
    return "queue discipline "
        + kernelName
        + " dev "
        + linkIndex
        + (root ? " root" : "")
        + (bucket == null ? "" : " " + bucket);
  }
}
