# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Mails come in through the mail server, and say nothing but what was written."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from .hr_commission_protected import ADDONS

#: records of these models are never made by a mail
OUR_MODELS = ("hr.commission.", "crm.touchpoint")
#: an address in a header, wherever it stands
ADDRESS = re.compile(r"""[^\s<>,;:"'()@]+@[^\s<>,;:"'()@]+""")
#: commands that make nothing
LINKING = (Command.LINK, Command.SET, Command.CLEAR)
#: what a message says, of whom and when
SAID_FIELDS = frozenset(
    ("author_id", "email_from", "message_type", "body", "subject", "date")
)


def read_header(value):
    """Return the text of a header as it came in; undecoded where it is broken.

    :rtype: str
    """
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


class MailThread(models.AbstractModel):
    """A mail is evidence, as nobody at work has made it up.

    Odoo files incoming mails with the rights of the system, and lets everybody hand in
    a text as one: with any sender, and any values for the record it makes.
    """

    _inherit = "mail.thread"

    def _check_is_mail_server(self):
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._(
                    "Mails come in through the mail server, which signs in as an "
                    "administrator. Nobody else hands in a mail."
                )
            )

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Take mails from the mail server only.

        :raises AccessError: for anybody but the system and its administrators
        """
        self._check_is_mail_server()
        return super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )

    @api.model
    def message_parse(self, message, save_original=False):
        """Keep all senders of a mail that names several: it proves nobody's words.

        A name that reads like another address is one more: Odoo may take it for the
        sender.

        :raises AccessError: for anybody but the system and its administrators
        """
        self._check_is_mail_server()
        parsed = super().message_parse(message, save_original=save_original)
        # as it came: what does not fit a header of addresses is left out when it is read
        senders = ADDRESS.findall(
            " ".join(
                read_header(value)
                for name, value in message.raw_items()
                if name.lower() == "from"
            )
        )
        if len({sender.lower() for sender in senders}) > 1:
            parsed["email_from"] = parsed["from"] = ", ".join(
                f"<{sender}>" for sender in senders
            )
        return parsed

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Let no alias say what the system decides, nor make a record of ours.

        :raises AccessError: for commissions, statements and the like
        """
        if self._name.startswith(OUR_MODELS):
            raise AccessError(self.env._("No mail makes a record of commissions."))
        if custom_values and hasattr(self, "_get_decided_fields"):
            custom_values = {
                name: value
                for name, value in custom_values.items()
                if self._is_for_aliases(name, value)
            }
        return super().message_new(msg_dict, custom_values=custom_values)

    def _is_for_aliases(self, name, value):
        """Whether an alias may give a value to what its mails make.

        It is made with the rights of the system: nothing of ours, and no records within
        it, which nobody would look at.
        """
        field = self._fields.get(name)
        if field is None or field.type == "one2many":
            return field is None
        if field.type == "many2many":
            commands = [each for each in value or () if isinstance(each, list | tuple)]
            return all(each[0] in LINKING for each in commands)
        return not all(module.startswith(ADDONS) for module in field._modules)


class MailMessage(models.Model):
    """What others wrote to a customer's record stays as it came in."""

    _inherit = "mail.message"

    @api.model
    def _get_evidence_models(self):
        """Return the models whose messages prove whose a customer is; addons add theirs.

        :rtype: set[str]
        """
        return {"crm.lead"}

    def write(self, vals):
        """Refuse other words, days or senders of what somebody else wrote.

        :raises AccessError: for anybody but the system
        """
        if not SAID_FIELDS.isdisjoint(vals):
            self._check_stays()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if not self.env.user.has_group("base.group_system"):
            self._check_stays()

    def _check_stays(self):
        """Refuse to touch what others wrote to a customer, or what a commission's chatter
        says was done.

        :raises AccessError: for anybody but the system
        """
        if self.env.su:
            return
        evidence = self._get_evidence_models()
        for message in self.sudo():  # sudo: who wrote it, whoever asks
            is_ours = (message.model or "").startswith(OUR_MODELS)
            is_others = message.create_uid != self.env.user
            if (is_ours and message.message_type == "notification") or (
                is_others and (is_ours or message.model in evidence)
            ):
                raise AccessError(
                    self.env._(
                        "What was written here stays as it came in: it may prove whose "
                        "customer this is, or what was done."
                    )
                )
