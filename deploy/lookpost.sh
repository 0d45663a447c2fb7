#!/bin/sh
# /usr/local/bin/lookpost (root:root 0755): lookpost's commands with the settings of lookpost.service. As root, or: sudo lookpost history
# The ledger belongs to the user lookpost, and secrets.env is read by root alone, which systemd does before it gives up root.
exec systemd-run --pipe --quiet --wait --collect --uid=lookpost --working-directory=/etc/lookpost \
  --property=EnvironmentFile=/etc/lookpost/secrets.env --property=UMask=0077 \
  --setenv=LOOKPOST_STORE=file:/var/lib/lookpost --setenv="LOOKPOST_COMMAND=sudo lookpost" \
  /usr/bin/node /opt/lookpost/dist/cli.js "$@"
