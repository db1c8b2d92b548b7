package io.fairlead.dataplane.policy;

/**
 * What policies say of a flow: the source's egress and the destination's ingress must both allow.
 */
public record Decision(Judgement egress, Judgement ingress) {

  public boolean isAllowed() {
    return egress.isAllowed() && ingress.isAllowed();
  }
}
