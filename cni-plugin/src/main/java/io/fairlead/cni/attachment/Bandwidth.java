package io.fairlead.cni.attachment;

/**
 * What a pod may send and be sent, as the reference bandwidth plugin counts it. A rate of 0 is no
 * limit.
 *
 * @param ingressRate to the pod, in bits per second
 * @param ingressBurst to the pod, in bits; 0 for one that suits the rate
 * @param egressRate from the pod, in bits per second
 * @param egressBurst from the pod, in bits; 0 for one that suits the rate
 */
public record Bandwidth(long ingressRate, long ingressBurst, long egressRate, long egressBurst) {

  public static final Bandwidth UNLIMITED = new Bandwidth(0, 0, 0, 0);

  public Bandwidth {
    if (ingressRate < 0 || ingressBurst < 0 || egressRate < 0 || egressBurst < 0) {
      throw new IllegalArgumentException("a bandwidth cannot be negative");
    }
  }
}
