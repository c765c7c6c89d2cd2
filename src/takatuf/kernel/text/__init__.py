"""What people type, made comparable: Arabic text, digits, dates, phones, identity numbers.

Django-free. Every reader raises ``problems.Unreadable`` with a ``kind``; the sentence a
person sees for each kind stands once, in ``kernel.explain``.
"""
